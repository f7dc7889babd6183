package io.github.pgqueue.jcache.internal;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The loads of {@code loadAll}, each on a thread of its own. Their cache waits for them before it closes its loader, which
 * they would open again. Thread-safe.
 */
final class BackgroundLoads {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ThreadFactory threads;
    private final Set<Load> running = ConcurrentHashMap.newKeySet();
    private boolean ended;

    BackgroundLoads(ThreadFactory threads) {
        this.threads = threads;
    }

    /** One of them, and the thread that runs it. */
    private final class Load implements Runnable {

        private final Runnable work;
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile @Nullable Thread runner;

        Load(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            runner = Thread.currentThread();
            try {
                work.run();
            } finally {
                over();
            }
        }

        void over() {
            running.remove(this);
            done.countDown();
        }
    }

    /**
     * Begins one.
     *
     * @throws RejectedExecutionException if there is no thread for it, or the cache is being closed
     */
    void start(Runnable work) {
        Load load = new Load(work);
        Thread thread = threads.newThread(load);
        synchronized (this) {
            if (ended) {
                throw new RejectedExecutionException("the cache is being closed");
            }
            running.add(load);
        }
        try {
            thread.start();
        } catch (RuntimeException | Error noThread) {
            load.over();
            throw noThread;
        }
    }

    /** Begins no more, and waits for those that run, ten seconds at most; a load that calls this does not wait for itself. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (Load load : running) {
                if (load.runner != Thread.currentThread()) {
                    boolean unused = load.done.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
