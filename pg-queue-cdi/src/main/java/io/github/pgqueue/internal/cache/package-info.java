/**
 * The cache over its tables. {@link io.github.pgqueue.internal.cache.CacheStore} has the statements: entries as bytes,
 * one statement an operation. On it stand two doors to the same entries: PgCache, and the JCache provider of
 * {@code pg-queue-jcache}, which is the declared friend of this package and reaches it by
 * {@link io.github.pgqueue.internal.cache.CacheHost}. Where user code decides what becomes of an entry, it runs while
 * the row is locked ({@code CacheStore.locked}); everything else is decided by the statement itself.
 *
 * <p>A near cache holds entries as bytes, inside of the store, so that both doors share it: {@code NearCache} says what
 * it promises. Who changes an entry tells it by a notification that the statement itself sends, and only for caches that
 * are configured as near: to look up in the database whether anybody holds copies would cost every write of every cache,
 * so all nodes must have the same setting, and {@code near-max-staleness} bounds what a node that has not can do.
 * One channel serves all caches; a notification has hashes, and whoever does not understand it drops everything. Nodes
 * hear their own notifications too: a statement whose outcome its caller never learned may have been committed.
 *
 * <p>Where a cache is configured to have remote events, a notification also says what was done to which entry, with the
 * values that fit: {@code EventNotice}. Created or updated, what had expired, and the old value cannot be told by the
 * statement that writes without reading the entry first, so such caches are changed while the row is locked, and only they
 * pay for it. Who changes a cache is known by its {@code EventDoor}, and hears nothing of its own changes, which it has
 * told its listeners itself.
 *
 * <p>A load is shared by {@code SharedLoads} and its {@code Leases}, entries like any other in a cache of its own, so that a dead
 * loader's lease expires by the database's clock, and no connection is held while anybody loads or waits. {@code Refreshes}
 * has it done in the background under the same lease. {@code expires_at} stays the truth: only its own statement looks at
 * what has expired, and it replaces one version of a row, so that no change is overwritten.
 *
 * <p>What is configured of a cache counts at both doors: {@link io.github.pgqueue.internal.cache.FailOpen} stands before
 * reads, those of near caches too, and {@code Evictions} counts writes and keeps the cache within its bounds.
 *
 * <p>Clearing a cache deletes its rows. A generation in the key would make that one update of one row, but every read
 * would have to look the generation up.
 *
 * <p>Not API: changes without notice. May import the API, the spi, {@code internal.jdbc} and Caffeine,
 * which is optional: only {@code NearCache} names it.
 */
@NullMarked
package io.github.pgqueue.internal.cache;

import org.jspecify.annotations.NullMarked;
