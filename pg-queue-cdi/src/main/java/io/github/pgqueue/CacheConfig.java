package io.github.pgqueue;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is said of the caches of one name or pattern of names, whoever creates them. Immutable; start from
 * {@link #empty()}. Null says nothing of a setting: then a weaker pattern, the cache's creator or the default does.
 *
 * @param timeToLive how long an entry lives of which its writer says nothing; at least 1 ms; default for ever
 * @param durable whether the cache survives a crash of the database, at the price of ordinary writes; default false
 * @param maxEntries how many entries it holds, roughly; at least 1; default any number
 * @param maxBytes how many bytes of keys and values it holds, roughly; at least 1; default any number
 * @param failOpen whether a read that the database fails is a miss instead of an exception; default false
 * @param serializable the classes that the JCache provider may use Java serialization for; default none
 */
public record CacheConfig(
        @Nullable Duration timeToLive,
        @Nullable Boolean durable,
        @Nullable Long maxEntries,
        @Nullable Long maxBytes,
        @Nullable Boolean failOpen,
        @Nullable Set<String> serializable) {

    private static final CacheConfig EMPTY = new CacheConfig(null, null, null, null, null, null);

    /**
     * Checks the ranges.
     *
     * @throws ConfigurationException PGQ7010 if a value is out of its range
     */
    public CacheConfig {
        if (timeToLive != null) {
            Settings.atLeast("ttl", timeToLive, Duration.ofMillis(1));
        }
        if (maxEntries != null) {
            Settings.atLeast("max-entries", maxEntries, 1);
        }
        if (maxBytes != null) {
            Settings.atLeast("max-bytes", maxBytes, 1);
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
                durable == null ? weaker.durable : durable,
                maxEntries == null ? weaker.maxEntries : maxEntries,
                maxBytes == null ? weaker.maxBytes : maxBytes,
                failOpen == null ? weaker.failOpen : failOpen,
                serializable == null ? weaker.serializable : serializable);
    }

    public CacheConfig withTimeToLive(@Nullable Duration value) {
        return new CacheConfig(value, durable, maxEntries, maxBytes, failOpen, serializable);
    }

    public CacheConfig withDurable(@Nullable Boolean value) {
        return new CacheConfig(timeToLive, value, maxEntries, maxBytes, failOpen, serializable);
    }

    public CacheConfig withMaxEntries(@Nullable Long value) {
        return new CacheConfig(timeToLive, durable, value, maxBytes, failOpen, serializable);
    }

    public CacheConfig withMaxBytes(@Nullable Long value) {
        return new CacheConfig(timeToLive, durable, maxEntries, value, failOpen, serializable);
    }

    public CacheConfig withFailOpen(@Nullable Boolean value) {
        return new CacheConfig(timeToLive, durable, maxEntries, maxBytes, value, serializable);
    }

    public CacheConfig withSerializable(@Nullable Set<String> value) {
        return new CacheConfig(timeToLive, durable, maxEntries, maxBytes, failOpen, value);
    }

    /** Whether it is said that the cache is durable. */
    public boolean isDurable() {
        return Boolean.TRUE.equals(durable);
    }

    /** Whether it is said that the cache is fail-open. */
    public boolean isFailOpen() {
        return Boolean.TRUE.equals(failOpen);
    }
}
