package io.github.pgqueue.internal.queue;

import java.time.Duration;

/**
 * How many jobs to claim ahead of the threads that will run them. A batch that is worked off quickly makes the next one
 * twice as large, one that is not makes it half as large: quick jobs share a claim by the hundred, while slow ones, and
 * those of a queue that is almost empty, are claimed when they can begin, and so spread over the nodes. How long a claim
 * takes does not count: a slow database must not be asked the more often for it. Large payloads are claimed by less, since
 * what waits is in memory. Used by one thread.
 */
final class Demand {

    private static final int LARGEST = 2000;
    private static final long MOST_CHARACTERS = 8L << 20;
    private static final Duration QUICK = Duration.ofMillis(100);
    private static final Duration SLOW = Duration.ofMillis(300);

    private final int concurrency;
    private int batch;

    /** When the jobs of the last claim that found all that was wanted were there. */
    private long fullAt;

    /**
     * At first as for slow jobs.
     *
     * @param now by {@link System#nanoTime()}, as all moments here
     */
    Demand(int concurrency, long now) {
        this.concurrency = concurrency;
        this.fullAt = now - SLOW.toNanos();
    }

    /** With fewer than that waiting, more are to be claimed. */
    int reserve() {
        return (batch + 1) / 2;
    }

    /** How many to claim now. */
    int wanted(int free, int waiting) {
        return free > 0 || waiting < reserve() ? free + batch : 0;
    }

    /**
     * So many were wanted, and so many there were, by a claim between these moments.
     *
     * @param characters how long their payloads are, all together
     */
    void claimed(int wanted, int found, long characters, long asked, long answered) {
        if (found < wanted) {
            // There are no more: nothing is gained by holding some, and others may be free for what comes next.
            // But those that come all the time, as many as these, share a claim next time too.
            batch = found == 0 ? 0 : found < wanted / 2 ? batch / 2 : batch;
            return;
        }
        long since = asked - fullAt;
        fullAt = answered;
        if (since < QUICK.toNanos()) {
            long fitting = MOST_CHARACTERS * found / Math.max(1, characters);
            batch = (int) Math.min(Math.min(LARGEST, fitting), Math.max(concurrency, 2 * batch));
        } else if (since > SLOW.toNanos()) {
            batch /= 2;
        }
    }
}
