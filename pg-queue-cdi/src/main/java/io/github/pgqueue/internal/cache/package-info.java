/**
 * The cache over its tables. {@link io.github.pgqueue.internal.cache.CacheStore} has the statements: entries as bytes,
 * one statement an operation. On it stand two doors to the same entries: PgCache, and the JCache provider of
 * {@code pg-queue-jcache}, which is the declared friend of this package and reaches it by
 * {@link io.github.pgqueue.internal.cache.CacheHost}. Where user code decides what becomes of an entry, it runs while
 * the row is locked ({@code CacheStore.locked}); everything else is decided by the statement itself.
 *
 * <p>A near cache will stand between a door and the store: {@code StoredEntry.remaining} is what it needs to know.
 *
 * <p>What is configured of a cache counts at both doors: {@link io.github.pgqueue.internal.cache.FailOpen} stands before
 * reads, and {@code Evictions} counts writes and keeps the cache within its bounds.
 *
 * <p>Clearing a cache deletes its rows. A generation in the key would make that one update of one row, but every read
 * would have to look the generation up.
 *
 * <p>Not API: changes without notice. May import the API, the spi and {@code internal.jdbc}.
 */
@NullMarked
package io.github.pgqueue.internal.cache;

import org.jspecify.annotations.NullMarked;
