package io.github.pgqueue.jta;

import io.github.pgqueue.ManagerClosedException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A few daemon threads that have no transaction, for callers who do. They end when they are not needed. */
final class OutsideThreads implements AutoCloseable {

    private static final int THREADS = 4;

    private final AtomicInteger count = new AtomicInteger();
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);

    OutsideThreads() {
        executor.allowCoreThreadTimeOut(true);
    }

    <R> R run(Supplier<R> action) {
        Future<R> future;
        try {
            future = executor.submit(action::get);
        } catch (RejectedExecutionException e) {
            throw new ManagerClosedException("what runs work outside of transactions");
        }
        return result(future);
    }

    @Override
    public void close() {
        executor.shutdown();
    }

    /** Waits for the statement as a caller on its own connection would: an interrupt ends neither of them. */
    private static <R> R result(Future<R> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unchecked(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unchecked(ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
            return failure;
        }
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(e);
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, "pg-queue-outside-" + count.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
