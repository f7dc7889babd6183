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

    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private long askedAt = System.nanoTime() - INTERVAL.toNanos();
    private long foundAt = System.nanoTime() - LATELY.toNanos();
    private boolean passedOver;

    /** When there may be something, as far as a look at the queue told; null if never. */
    private @Nullable Long dueAt;

    /** How long what has been due for long is left alone: somebody had it locked when it was last asked for. */
    private Duration pause = Duration.ZERO;

    /** It has been asked. */
    void asked(long at, int found) {
        askedAt = at;
        if (found > 0) {
            foundAt = at;
            pause = Duration.ZERO;
        } else if (dueAt != null && at - dueAt >= 0) {
            pause = pause.isZero() ? FIRST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
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

    /**
     * A look at the queue told when there may be something.
     *
     * @param due in how long; null for never
     * @param overdue whether something has been due for long: it is asked for at once, and then with growing pauses
     */
    void looked(@Nullable Duration due, boolean overdue) {
        Duration in = due;
        if (!overdue) {
            pause = Duration.ZERO;
        } else {
            in = due == null ? pause : shorter(due, pause);
        }
        dueAt = in == null ? null : Long.valueOf(System.nanoTime() + in.toNanos());
    }

    /** How long a node may sleep, at most for so long: until a moment after there may be something. */
    Duration nap(Duration longest) {
        return dueAt == null
                ? longest
                : shorter(
                        longest,
                        Duration.ofNanos(Math.max(0, dueAt - System.nanoTime())).plus(FIRST_PAUSE));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static boolean elapsed(long since, Duration time) {
        return System.nanoTime() - since >= time.toNanos();
    }
}
