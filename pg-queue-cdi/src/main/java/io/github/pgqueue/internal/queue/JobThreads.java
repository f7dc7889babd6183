package io.github.pgqueue.internal.queue;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** What kind of threads jobs run on: measured on the first one, since a server promises virtual ones and may give others. */
final class JobThreads {

    private static final @Nullable Method IS_VIRTUAL = isVirtual();

    private volatile @Nullable Boolean virtual;

    /** A job runs on the calling thread. */
    void seen() {
        if (virtual == null) {
            virtual = virtual(Thread.currentThread());
        }
    }

    /** Null if no job has run. */
    @Nullable
    Boolean virtual() {
        return virtual;
    }

    private static boolean virtual(Thread thread) {
        try {
            return IS_VIRTUAL != null && Boolean.TRUE.equals(IS_VIRTUAL.invoke(thread));
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** There since Java 21. */
    private static @Nullable Method isVirtual() {
        try {
            return Thread.class.getMethod("isVirtual");
        } catch (NoSuchMethodException e) {
            return null;
        }
    }
}
