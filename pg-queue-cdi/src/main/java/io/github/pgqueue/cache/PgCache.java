package io.github.pgqueue.cache;

import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A named cache, shared by all nodes of the schema.
 *
 * <p>Obtained by injection, with {@code @PgCacheName} for another name than {@code default}, or from a
 * {@link io.github.pgqueue.PgQueueManager}. Safe for use by many threads.
 *
 * <p>Never joins a transaction: what is set is there although the caller rolls back. Only the database's clock decides
 * what has expired; a read that begins after that never returns it. A crash of the database empties the cache, and a
 * value that cannot be read as the type asked for counts as a miss.
 *
 * <p>Time to live, refreshing, bounds, durability, what a failing read is and whether nodes hold copies come from its
 * {@link io.github.pgqueue.CacheConfig}, which counts from the first use of the name on.
 *
 * <p>Keys have up to 2,000 bytes in UTF-8, else {@link InvalidNameException}; values are limited as payloads are, else
 * {@link PayloadException}. Every method may throw {@link StorageException}.
 */
public interface PgCache {

    /** The name of the cache. */
    String name();

    /** The value of a key, unless it is missing or has expired. */
    default <V> Optional<V> get(String key, Class<V> type) {
        return get(key, PayloadType.of(type));
    }

    /** The same for a generic type. */
    <V> Optional<V> get(String key, PayloadType<V> type);

    /** Sets the value of a key for as long as the cache's configuration says ({@code ttl}), else for ever. */
    void set(String key, Object value);

    /** Sets the value of a key for so long from now; a duration of zero or less removes it. */
    void set(String key, Object value, Duration timeToLive);

    /** Sets the value of a key until a moment. */
    void set(String key, Object value, Instant expiresAt);

    /**
     * The value of a key; if there is none, what the loader supplies, which is then set for so long. Callers on any node
     * that miss the same key at the same time share one call of the loader; those of its node get its exception too, and
     * on another node the next one loads. Nobody waits for another's loader for more than 10 seconds. The loader runs on
     * the thread of one of them, with no connection of ours.
     *
     * <p>Where the cache is configured with {@code refresh-ahead} or {@code stale-while-revalidate}, a value that expires
     * soon, or has expired just now, is returned at once, and loaded anew in the background, by one caller's loader in the
     * cluster. The loader of any call may then run later and on a thread of the library: without the caller's transaction,
     * contexts and security, so it must not hold on to anything that ends with the call. If it fails, that is logged, and
     * the old value stays until its end. A value that was set or deleted meanwhile wins. Every other method takes what
     * has expired as missing.
     */
    default <V> V getOrSet(String key, Class<V> type, Duration timeToLive, Supplier<? extends V> loader) {
        return getOrSet(key, PayloadType.of(type), timeToLive, loader);
    }

    /** The same for a generic type. */
    <V> V getOrSet(String key, PayloadType<V> type, Duration timeToLive, Supplier<? extends V> loader);

    /** The same for as long as the cache's configuration says, else for ever. */
    default <V> V getOrSet(String key, Class<V> type, Supplier<? extends V> loader) {
        return getOrSet(key, PayloadType.of(type), loader);
    }

    /** The same for a generic type. */
    <V> V getOrSet(String key, PayloadType<V> type, Supplier<? extends V> loader);

    /**
     * Removes a key.
     *
     * @return whether there was a value that had not expired
     */
    boolean delete(String key);

    /** Removes every key of this cache. */
    void clear();

    /**
     * Removes what has expired from this cache. The library does this by itself with its housekeeping. It rests twice
     * as long as it works, so that those who read and write meanwhile hardly notice it.
     *
     * @return how many entries were removed
     */
    long cleanupExpired();
}
