/**
 * The provider's implementation. {@code PostgresCacheManager} makes {@code PostgresCache}, which checks, counts and tells
 * listeners. What happens to an entry is one of two {@code Mutations}: a single statement, or a decision in the JVM while
 * the row is locked, for writers, entry processors and expiry policies of the application. {@code Entries} stands between
 * objects and bytes; {@code Backend} is the PgQueueManager below, made of a URI and properties unless one is given. What is
 * configured of caches is in the {@code PgQueueConfig} below; {@code CacheProperties} adds what properties say, and
 * {@code CacheSettings} what the creator of a cache does.
 *
 * <p>Values are decoded on the caller's thread with the class loader of the manager. What others changed reaches
 * {@code Listeners} by {@code RemoteEvents}, and is decoded on the thread of the asynchronous ones. Near caches are below,
 * in the store.
 *
 * <p>Not API: changes without notice. May import the API and the SPI of pg-queue, {@code javax.cache}, and as the
 * declared friend of pg-queue-cdi exactly one internal package of it: {@code internal.cache}; Agroal, which need not be
 * there, in {@code AgroalPool} only.
 */
@NullMarked
package io.github.pgqueue.jcache.internal;

import org.jspecify.annotations.NullMarked;
