/**
 * The JSR-107 provider over the cache table of pg-queue: {@link io.github.pgqueue.jcache.PostgresCachingProvider} is
 * where to start, {@link io.github.pgqueue.jcache.PostgresConfiguration} says what a cache may have beyond JSR-107,
 * {@link io.github.pgqueue.jcache.MethodCacheKey} is the key of annotated methods; what those are is in {@code annotation}.
 *
 * <p>May import the API and the SPI of pg-queue and {@code javax.cache}; {@code jakarta.*} only in sub-packages that say
 * so.
 */
@NullMarked
package io.github.pgqueue.jcache;

import org.jspecify.annotations.NullMarked;
