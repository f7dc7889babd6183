package io.github.pgqueue.internal.queue;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * Looks once through a whole queue for jobs that no claim would find, after a worker has got to know its server. That is
 * done a portion at a time, so that claims and renewals go on in between, and where there is nothing else to do; in a queue
 * that is never empty it begins after a while. Used by one thread.
 */
final class Sweep {

    private static final Duration LATEST_BEGIN = Duration.ofMinutes(1);

    private final LongFunction<OptionalLong> portions;
    private OptionalLong after = OptionalLong.empty();
    private long startedAt;

    /**
     * A sweep that has not been started.
     *
     * @param portions looks at some of the jobs behind an id, and returns the last of them; empty if that was all
     */
    Sweep(LongFunction<OptionalLong> portions) {
        this.portions = portions;
    }

    /**
     * From now on there is something to look at: all of the queue, again if it may be another server.
     *
     * @param now as {@link System#nanoTime()} tells
     */
    void start(long now) {
        after = OptionalLong.of(0);
        startedAt = now;
    }

    /**
     * Looks at the next portion, if there is one left and it is time.
     *
     * @param idle whether there is nothing else to do
     * @return whether it has done so
     */
    boolean goOn(boolean idle, long now) {
        if (after.isEmpty() || !(idle || now - startedAt >= LATEST_BEGIN.toNanos())) {
            return false;
        }
        after = portions.apply(after.getAsLong());
        return true;
    }
}
