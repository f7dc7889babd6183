package io.github.pgqueue.internal.cache;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The few threads on which a node loads anew what its caches have; there are none while nothing is to be loaded.
 * Thread-safe.
 */
final class RefreshThreads {

    private static final int THREADS = 4;
    private static final int WAITING = 1_000;

    private final ThreadPoolExecutor pool;

    RefreshThreads(ThreadFactory threads) {
        this.pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), work -> {
                    Thread thread = threads.newThread(work);
                    thread.setName("pg-queue cache refresh");
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Does it soon.
     *
     * @throws RejectedExecutionException if too much waits already, there is no thread for it, or this is closed
     */
    void execute(Runnable work) {
        pool.execute(work);
    }

    /** Begins nothing any more, and waits for nobody. */
    void close() {
        pool.shutdown();
        pool.getQueue().clear();
    }
}
