package io.github.pgqueue.internal.cache;

import io.github.pgqueue.ConfigurationException;
import java.time.Duration;

/**
 * How a node holds copies of a cache's entries.
 *
 * @param maxEntries how many at most; default 10,000
 * @param maxStaleness how long a copy is used at most after it was read, whatever is heard of its entry; default 30 s
 * @param missTtl how long it is remembered at most that there is no entry; zero for not at all; default 1 s
 */
public record NearSettings(long maxEntries, Duration maxStaleness, Duration missTtl) {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final NearSettings DEFAULTS =
            new NearSettings(10_000, Duration.ofSeconds(30), Duration.ofSeconds(1));

    /**
     * Checks the ranges.
     *
     * @throws ConfigurationException PGQ7010 if a value is out of its range
     */
    public NearSettings {
        check("near-max-entries", maxEntries >= 1, maxEntries, "at least 1");
        check(
                "near-max-staleness",
                maxStaleness.compareTo(Duration.ofMillis(1)) >= 0 && maxStaleness.compareTo(LONGEST) <= 0,
                maxStaleness,
                "between PT0.001S and a year");
        check("near-miss-ttl", !missTtl.isNegative(), missTtl, "at least PT0S");
    }

    private static void check(String setting, boolean right, Object value, String range) {
        if (!right) {
            throw new ConfigurationException("PGQ7010", setting + " is " + value + ", but must be " + range);
        }
    }

    public static NearSettings defaults() {
        return DEFAULTS;
    }
}
