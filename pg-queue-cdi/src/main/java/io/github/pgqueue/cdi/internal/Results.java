package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.queue.Outcome;
import java.io.Closeable;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the result of a worker method means. */
final class Results {

    private Results() {}

    /** Whether a result of the declared type can be, or turn into, an {@link Outcome}. */
    static boolean mayDecide(Class<?> declared) {
        return Outcome.class.isAssignableFrom(declared)
                || declared.isAssignableFrom(Outcome.class)
                || CompletionStage.class.isAssignableFrom(declared);
    }

    static Outcome outcome(@Nullable Object result) {
        return result instanceof Outcome outcome ? outcome : Outcome.complete(result);
    }

    /** The result itself, or what its stage completes with. */
    static @Nullable Object await(@Nullable Object result) throws Exception {
        if (!(result instanceof CompletionStage<?> stage)) {
            return result;
        }
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw Failures.unwrapped(e);
        }
    }

    /** Whether the library neither waits for such a result nor can send it as an answer. */
    static boolean isUnusable(Class<?> declared) {
        boolean future = Future.class.isAssignableFrom(declared) && !CompletionStage.class.isAssignableFrom(declared);
        return future
                || declared.getName().startsWith("io.smallrye.mutiny.")
                || Stream.of(
                                BaseStream.class,
                                Callable.class,
                                Closeable.class,
                                Flow.Publisher.class,
                                Optional.class,
                                Runnable.class,
                                Supplier.class,
                                Throwable.class)
                        .anyMatch(refused -> refused.isAssignableFrom(declared));
    }
}
