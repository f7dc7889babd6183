package io.github.pgqueue.jta;

import io.github.pgqueue.ManagerClosedException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A few threads that have no transaction, for callers who do. They end when they are not needed. */
final class OutsideThreads implements AutoCloseable {

    private static final int THREADS = 4;

    private final AtomicInteger count = new AtomicInteger();
    private final ThreadFactory threads;
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);

    OutsideThreads(ThreadFactory threads) {
        this.threads = threads;
        executor.allowCoreThreadTimeOut(true);
    }

    <R> R run(Supplier<R> action) {
        Future<R> future;
        try {
            future = executor.submit(action::get);
        } catch (RejectedExecutionException | IllegalStateException e) {
            // A managed thread factory throws the latter once its application has stopped.
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
        Thread thread = threads.newThread(task);
        if (thread == null) {
            // Else the pool would keep the task, and the caller would wait for ever.
            throw new RejectedExecutionException("the thread factory made no thread");
        }
        thread.setName("pg-queue-outside-" + count.incrementAndGet());
        return thread;
    }

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
