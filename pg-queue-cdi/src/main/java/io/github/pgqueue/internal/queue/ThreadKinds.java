package io.github.pgqueue.internal.queue;

import io.github.pgqueue.queue.ThreadKind;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Tells virtual threads, which this library's oldest JDK does not know yet. */
final class ThreadKinds {

    private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();

    private ThreadKinds() {}

    static ThreadKind of(Thread thread) {
        MethodHandle asked = IS_VIRTUAL;
        if (asked == null) {
            return ThreadKind.PLATFORM;
        }
        try {
            return (boolean) asked.invokeExact(thread) ? ThreadKind.VIRTUAL : ThreadKind.PLATFORM;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** JDK 21 and later. */
    private static @Nullable MethodHandle isVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }
}
