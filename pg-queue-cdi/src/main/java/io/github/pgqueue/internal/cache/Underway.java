package io.github.pgqueue.internal.cache;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Work in the background that its owner waits for before it closes what the work needs. Thread-safe. */
public final class Underway {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Set<Thread> workers = new HashSet<>();
    private boolean ended;

    /** Does it on this thread; false, and it is not done, after the end. */
    public boolean run(Runnable work) {
        synchronized (this) {
            if (ended) {
                return false;
            }
            workers.add(Thread.currentThread());
        }
        try {
            work.run();
            return true;
        } finally {
            synchronized (this) {
                workers.remove(Thread.currentThread());
                notifyAll();
            }
        }
    }

    /**
     * Lets nothing begin any more, and waits for what has begun, ten seconds at most; work that calls this does not wait
     * for itself.
     */
    public synchronized void end() {
        ended = true;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            long left = PATIENCE.toNanos();
            while (othersWork() && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
                left = deadline - System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean othersWork() {
        return workers.stream().anyMatch(worker -> worker != Thread.currentThread());
    }
}
