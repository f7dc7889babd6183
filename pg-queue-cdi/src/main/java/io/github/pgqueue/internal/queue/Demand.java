package io.github.pgqueue.internal.queue;

import java.time.Duration;

/**
 * How many jobs to claim ahead of the threads that will run them. A batch that is worked off quickly makes the next one
 * twice as large, one that is not makes it half as large: quick jobs share a claim by the hundred, while slow ones, and
 * those of a queue that is almost empty, are claimed when they can begin, and so spread over the nodes. Used by one thread.
 */
final class Demand {

    private static final int LARGEST = 500;
    private static final Duration QUICK = Duration.ofMillis(100);
    private static final Duration SLOW = Duration.ofMillis(300);

    private final int concurrency;
    private int batch;
    private long fullAt = System.nanoTime() - SLOW.toNanos();

    Demand(int concurrency) {
        this.concurrency = concurrency;
    }

    /** With fewer than that waiting, more are to be claimed. */
    int reserve() {
        return (batch + 1) / 2;
    }

    /** How many to claim now. */
    int wanted(int free, int waiting) {
        return free > 0 || waiting < reserve() ? free + batch : 0;
    }

    /** So many were wanted, and so many there were. */
    void claimed(int wanted, int found) {
        if (found < wanted) {
            // There are no more: nothing is gained by holding some, and others may be free for what comes next.
            batch = found == 0 ? 0 : batch / 2;
            return;
        }
        long now = System.nanoTime();
        long since = now - fullAt;
        fullAt = now;
        if (since < QUICK.toNanos()) {
            batch = Math.min(LARGEST, Math.max(concurrency, 2 * batch));
        } else if (since > SLOW.toNanos()) {
            batch /= 2;
        }
    }
}
