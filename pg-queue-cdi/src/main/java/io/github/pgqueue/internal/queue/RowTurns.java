package io.github.pgqueue.internal.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the row lane of a queue is asked for jobs, and leases that have ended are moved to it. Most queues have
 * nothing there most of the time, and should not pay for that with each claim. Used by one thread.
 */
final class RowTurns {

    /** The longest that jobs of the row lane wait for those of the plain lane. */
    private static final Duration INTERVAL = Duration.ofMillis(100);

    /** For how long it is asked without a hint, once it had something. */
    private static final Duration LATELY = Duration.ofSeconds(10);

    private long askedAt = System.nanoTime() - INTERVAL.toNanos();
    private long foundAt = System.nanoTime() - LATELY.toNanos();
    private boolean passedOver;

    /** When there may be something, as far as a look at the queue told; null if never. */
    private @Nullable Long dueAt;

    /** It has been asked. */
    void asked(long at, int found) {
        askedAt = at;
        if (found > 0) {
            foundAt = at;
        }
    }

    /** The plain lane left no room for it, or it did. */
    void passedOver(boolean passed) {
        passedOver = passed;
    }

    /** Whether it comes before the plain lane. */
    boolean isFirst() {
        return passedOver && elapsed(askedAt, INTERVAL);
    }

    /**
     * Whether it is asked after the plain lane.
     *
     * @param none whether that had nothing, and nothing is expected of it
     * @param looks whether the whole queue is looked at before the node sleeps
     */
    boolean isNext(boolean none, boolean looks) {
        return !elapsed(foundAt, LATELY)
                || (dueAt != null && elapsed(dueAt, Duration.ZERO))
                || (!looks && (none || elapsed(askedAt, INTERVAL)));
    }

    /** A look at the queue told in how long there may be something; null for never. */
    void due(@Nullable Duration in) {
        dueAt = in == null ? null : Long.valueOf(System.nanoTime() + in.toNanos());
    }

    private static boolean elapsed(long since, Duration time) {
        return System.nanoTime() - since >= time.toNanos();
    }
}
