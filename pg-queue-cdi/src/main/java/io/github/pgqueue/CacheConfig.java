package io.github.pgqueue;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is said of the caches of one name or pattern of names, whoever creates them. Immutable; start from
 * {@link #empty()}. Null says nothing of a setting: then a weaker pattern, the cache's creator or the default does.
 *
 * @param timeToLive how long an entry lives of which its writer says nothing; at least 1 ms; default for ever
 * @param refreshAhead how long before the end of an entry's life a read that loads has it loaded anew in the background;
 *     less than the time to live, at most 365 days; zero, the default, for not at all
 * @param staleWhileRevalidate how long after the end of its life a read that loads still returns an entry, and has it
 *     loaded anew in the background; at most 365 days; zero, the default, for not at all
 * @param durable whether the cache survives a crash of the database, at the price of ordinary writes; default false
 * @param maxEntries how many entries it holds, roughly; at least 1; default any number
 * @param maxBytes how many bytes of keys and values it holds, roughly; at least 1; default any number
 * @param failOpen whether a read that the database fails is a miss instead of an exception; default false
 * @param remoteEvents whether listeners of the JCache provider also hear what other nodes change; the same on every node
 *     that writes the cache; default false
 * @param near whether each node holds copies of what it has read, which needs Caffeine; the same on every node that
 *     writes the cache; default false
 * @param nearMaxEntries how many copies a node holds; at least 1; default 10,000
 * @param nearMaxStaleness how long a copy is used at most, whatever is heard of its entry; from 1 ms to 365 days; default
 *     30 s
 * @param nearMissTtl how long a node remembers at most that there is no entry, within the former; zero for not at all;
 *     default 1 s
 * @param serializable the classes that the JCache provider may use Java serialization for; default none
 */
public record CacheConfig(
        @Nullable Duration timeToLive,
        @Nullable Duration refreshAhead,
        @Nullable Duration staleWhileRevalidate,
        @Nullable Boolean durable,
        @Nullable Long maxEntries,
        @Nullable Long maxBytes,
        @Nullable Boolean failOpen,
        @Nullable Boolean remoteEvents,
        @Nullable Boolean near,
        @Nullable Long nearMaxEntries,
        @Nullable Duration nearMaxStaleness,
        @Nullable Duration nearMissTtl,
        @Nullable Set<String> serializable) {

    private static final CacheConfig EMPTY =
            new CacheConfig(null, null, null, null, null, null, null, null, null, null, null, null, null);

    /**
     * Checks the ranges.
     *
     * @throws ConfigurationException PGQ7010 if a value is out of its range
     */
    public CacheConfig {
        if (timeToLive != null) {
            Settings.atLeast("ttl", timeToLive, Duration.ofMillis(1));
        }
        if (refreshAhead != null) {
            Settings.atLeast("refresh-ahead", refreshAhead, Duration.ZERO);
            Settings.atMost("refresh-ahead", refreshAhead, Duration.ofDays(365));
        }
        if (staleWhileRevalidate != null) {
            Settings.atLeast("stale-while-revalidate", staleWhileRevalidate, Duration.ZERO);
            Settings.atMost("stale-while-revalidate", staleWhileRevalidate, Duration.ofDays(365));
        }
        if (maxEntries != null) {
            Settings.atLeast("max-entries", maxEntries, 1);
        }
        if (maxBytes != null) {
            Settings.atLeast("max-bytes", maxBytes, 1);
        }
        if (nearMaxEntries != null) {
            Settings.atLeast("near-max-entries", nearMaxEntries, 1);
        }
        if (nearMaxStaleness != null) {
            Settings.atLeast("near-max-staleness", nearMaxStaleness, Duration.ofMillis(1));
            Settings.atMost("near-max-staleness", nearMaxStaleness, Duration.ofDays(365));
        }
        if (nearMissTtl != null) {
            Settings.atLeast("near-miss-ttl", nearMissTtl, Duration.ZERO);
        }
        serializable = serializable == null ? null : Set.copyOf(serializable);
    }

    /** Says nothing of anything. */
    public static CacheConfig empty() {
        return EMPTY;
    }

    /** With what another one says of the settings of which this one says nothing. */
    public CacheConfig orElse(CacheConfig weaker) {
        return new CacheConfig(
                timeToLive == null ? weaker.timeToLive : timeToLive,
                refreshAhead == null ? weaker.refreshAhead : refreshAhead,
                staleWhileRevalidate == null ? weaker.staleWhileRevalidate : staleWhileRevalidate,
                durable == null ? weaker.durable : durable,
                maxEntries == null ? weaker.maxEntries : maxEntries,
                maxBytes == null ? weaker.maxBytes : maxBytes,
                failOpen == null ? weaker.failOpen : failOpen,
                remoteEvents == null ? weaker.remoteEvents : remoteEvents,
                near == null ? weaker.near : near,
                nearMaxEntries == null ? weaker.nearMaxEntries : nearMaxEntries,
                nearMaxStaleness == null ? weaker.nearMaxStaleness : nearMaxStaleness,
                nearMissTtl == null ? weaker.nearMissTtl : nearMissTtl,
                serializable == null ? weaker.serializable : serializable);
    }

    public CacheConfig withTimeToLive(@Nullable Duration value) {
        return new CacheConfig(
                value,
                refreshAhead,
                staleWhileRevalidate,
                durable,
                maxEntries,
                maxBytes,
                failOpen,
                remoteEvents,
                near,
                nearMaxEntries,
                nearMaxStaleness,
                nearMissTtl,
                serializable);
    }

    public CacheConfig withRefreshAhead(@Nullable Duration value) {
        return new CacheConfig(
                timeToLive,
                value,
                staleWhileRevalidate,
                durable,
                maxEntries,
                maxBytes,
                failOpen,
                remoteEvents,
                near,
                nearMaxEntries,
                nearMaxStaleness,
                nearMissTtl,
                serializable);
    }

    public CacheConfig withStaleWhileRevalidate(@Nullable Duration value) {
        return new CacheConfig(
                timeToLive,
                refreshAhead,
                value,
                durable,
                maxEntries,
                maxBytes,
                failOpen,
                remoteEvents,
                near,
                nearMaxEntries,
                nearMaxStaleness,
                nearMissTtl,
                serializable);
    }

    public CacheConfig withDurable(@Nullable Boolean value) {
        return new CacheConfig(
                timeToLive,
                refreshAhead,
                staleWhileRevalidate,
                value,
                maxEntries,
                maxBytes,
                failOpen,
                remoteEvents,
                near,
                nearMaxEntries,
                nearMaxStaleness,
                nearMissTtl,
                serializable);
    }

    public CacheConfig withMaxEntries(@Nullable Long value) {
        return new CacheConfig(
                timeToLive,
                refreshAhead,
                staleWhileRevalidate,
                durable,
                value,
                maxBytes,
                failOpen,
                remoteEvents,
                near,
                nearMaxEntries,
                nearMaxStaleness,
                nearMissTtl,
                serializable);
    }

    public CacheConfig withMaxBytes(@Nullable Long value) {
        return new CacheConfig(
                timeToLive,
                refreshAhead,
                staleWhileRevalidate,
                durable,
                maxEntries,
                value,
                failOpen,
                remoteEvents,
                near,
                nearMaxEntries,
                nearMaxStaleness,
                nearMissTtl,
                serializable);
    }

    public CacheConfig withFailOpen(@Nullable Boolean value) {
        return new CacheConfig(
                timeToLive,
                refreshAhead,
                staleWhileRevalidate,
                durable,
                maxEntries,
                maxBytes,
                value,
                remoteEvents,
                near,
                nearMaxEntries,
                nearMaxStaleness,
                nearMissTtl,
                serializable);
    }

    public CacheConfig withRemoteEvents(@Nullable Boolean value) {
        return new CacheConfig(
                timeToLive,
                refreshAhead,
                staleWhileRevalidate,
                durable,
                maxEntries,
                maxBytes,
                failOpen,
                value,
                near,
                nearMaxEntries,
                nearMaxStaleness,
                nearMissTtl,
                serializable);
    }

    public CacheConfig withNear(@Nullable Boolean value) {
        return new CacheConfig(
                timeToLive,
                refreshAhead,
                staleWhileRevalidate,
                durable,
                maxEntries,
                maxBytes,
                failOpen,
                remoteEvents,
                value,
                nearMaxEntries,
                nearMaxStaleness,
                nearMissTtl,
                serializable);
    }

    public CacheConfig withNearMaxEntries(@Nullable Long value) {
        return new CacheConfig(
                timeToLive,
                refreshAhead,
                staleWhileRevalidate,
                durable,
                maxEntries,
                maxBytes,
                failOpen,
                remoteEvents,
                near,
                value,
                nearMaxStaleness,
                nearMissTtl,
                serializable);
    }

    public CacheConfig withNearMaxStaleness(@Nullable Duration value) {
        return new CacheConfig(
                timeToLive,
                refreshAhead,
                staleWhileRevalidate,
                durable,
                maxEntries,
                maxBytes,
                failOpen,
                remoteEvents,
                near,
                nearMaxEntries,
                value,
                nearMissTtl,
                serializable);
    }

    public CacheConfig withNearMissTtl(@Nullable Duration value) {
        return new CacheConfig(
                timeToLive,
                refreshAhead,
                staleWhileRevalidate,
                durable,
                maxEntries,
                maxBytes,
                failOpen,
                remoteEvents,
                near,
                nearMaxEntries,
                nearMaxStaleness,
                value,
                serializable);
    }

    public CacheConfig withSerializable(@Nullable Set<String> value) {
        return new CacheConfig(
                timeToLive,
                refreshAhead,
                staleWhileRevalidate,
                durable,
                maxEntries,
                maxBytes,
                failOpen,
                remoteEvents,
                near,
                nearMaxEntries,
                nearMaxStaleness,
                nearMissTtl,
                value);
    }

    /** Whether it is said that the cache is durable. */
    public boolean isDurable() {
        return Boolean.TRUE.equals(durable);
    }

    /** Whether it is said that the cache is fail-open. */
    public boolean isFailOpen() {
        return Boolean.TRUE.equals(failOpen);
    }

    /** Whether it is said that listeners also hear what other nodes change. */
    public boolean isRemoteEvents() {
        return Boolean.TRUE.equals(remoteEvents);
    }

    /** Whether it is said that the cache is near. */
    public boolean isNear() {
        return Boolean.TRUE.equals(near);
    }
}
