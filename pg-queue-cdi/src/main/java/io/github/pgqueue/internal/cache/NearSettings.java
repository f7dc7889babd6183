package io.github.pgqueue.internal.cache;

import io.github.pgqueue.CacheConfig;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a node holds copies of a cache's entries.
 *
 * @param maxEntries how many at most
 * @param maxStaleness how long a copy is used at most after it was read, whatever is heard of its entry
 * @param missTtl how long it is remembered at most that there is no entry; zero for not at all
 * @param ages whether somebody wants to know of a copy how long its entry still lives
 */
record NearSettings(long maxEntries, Duration maxStaleness, Duration missTtl, boolean ages) {

    private static final long MAX_ENTRIES = 10_000;
    private static final Duration MAX_STALENESS = Duration.ofSeconds(30);
    private static final Duration MISS_TTL = Duration.ofSeconds(1);

    /** Those that are configured, else the defaults; null if the cache is not near. */
    static @Nullable NearSettings of(CacheConfig config) {
        return config.isNear()
                ? new NearSettings(
                        Objects.requireNonNullElse(config.nearMaxEntries(), MAX_ENTRIES),
                        Objects.requireNonNullElse(config.nearMaxStaleness(), MAX_STALENESS),
                        Objects.requireNonNullElse(config.nearMissTtl(), MISS_TTL),
                        config.refreshAhead() != null)
                : null;
    }
}
