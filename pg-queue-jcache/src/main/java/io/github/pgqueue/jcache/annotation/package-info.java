/**
 * The caching annotations of JSR-107 by the rules of its specification, over the caches of pg-queue or of any
 * other provider:
 * {@link io.github.pgqueue.jcache.annotation.AnnotatedCalls} stands around the calls of annotated methods, whoever
 * intercepts them. On CDI beans, sub-package {@code cdi} does.
 *
 * <p>A call reads its rule ({@code CacheRule}) once for each method; then {@code ResultCaching} answers it from a cache or
 * {@code ChangeCaching} changes one. What a call changes goes through {@code Changes}: at once, or, inside of a
 * transaction of the caller, when that has committed. Caches are touched only through {@code SafeCache}: one that is down
 * is a miss, never an error.
 *
 * <p>May import exceptions of the root package, {@code spi}, {@code jcache}, of {@code jcache.internal} the cache, and
 * {@code javax.cache}; {@code jakarta.*} only in {@code cdi}.
 */
@NullMarked
package io.github.pgqueue.jcache.annotation;

import org.jspecify.annotations.NullMarked;
