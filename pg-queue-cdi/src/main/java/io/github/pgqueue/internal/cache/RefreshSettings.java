package io.github.pgqueue.internal.cache;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.ConfigurationException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When reads that load have an entry loaded anew in the background.
 *
 * @param ahead in the last seconds of its life; zero for not before its end
 * @param stale for so many seconds after its end; zero for not after it
 */
record RefreshSettings(double ahead, double stale) {

    /**
     * Those that are configured; null if neither is.
     *
     * @throws ConfigurationException PGQ7010 if every read would load
     */
    static @Nullable RefreshSettings of(String cache, CacheConfig config) {
        Duration ahead = Objects.requireNonNullElse(config.refreshAhead(), Duration.ZERO);
        Duration stale = Objects.requireNonNullElse(config.staleWhileRevalidate(), Duration.ZERO);
        Duration timeToLive = config.timeToLive();
        if (timeToLive != null && ahead.compareTo(timeToLive) >= 0) {
            throw new ConfigurationException(
                    "PGQ7010",
                    "refresh-ahead of cache '" + cache + "' is " + ahead + ", but must be less than its ttl, "
                            + timeToLive + ": else every read would have the entry loaded anew");
        }
        return ahead.isZero() && stale.isZero()
                ? null
                : new RefreshSettings(
                        Lifetime.of(ahead).seconds(), Lifetime.of(stale).seconds());
    }

    boolean keepsStale() {
        return stale > 0;
    }

    /**
     * Whether an entry is to be loaded anew; never ahead of its end if it would be so again at once.
     *
     * @param remaining the seconds that it still lives; zero or less if it has expired
     * @param lifetime how long it will live then
     */
    boolean isDue(double remaining, Lifetime lifetime) {
        return remaining <= (ahead < lifetime.seconds() ? ahead : 0);
    }
}
