package io.github.pgqueue.internal.cache;

import java.time.Duration;

/**
 * How long an entry lives from now, by the database's clock.
 *
 * @param seconds zero if it has expired at once, infinity if it never does
 */
public record Lifetime(double seconds) {

    public static final Lifetime ZERO = new Lifetime(0);
    public static final Lifetime ETERNAL = new Lifetime(Double.POSITIVE_INFINITY);

    /** A hundred years: more does not fit into every timestamp. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** A longer duration than a hundred years is for ever. */
    public static Lifetime of(Duration duration) {
        if (duration.compareTo(LONGEST) > 0) {
            return ETERNAL;
        }
        return duration.isNegative() ? ZERO : new Lifetime(duration.toSeconds() + duration.toNanosPart() / 1e9);
    }

    public boolean isZero() {
        return seconds <= 0;
    }
}
