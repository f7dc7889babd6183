/**
 * The caching annotations of JSR-107 on CDI beans, and caches to be injected. There is nothing to call:
 * {@link io.github.pgqueue.jcache.annotation.cdi.JCacheAnnotationsExtension} is found by the container, binds one
 * interceptor to the annotated methods, and has {@link io.github.pgqueue.jcache.annotation.AnnotatedCalls} do the rest.
 * {@code InjectedCaches} adds the beans for {@code Cache} and {@code CacheManager}.
 * In CDI Lite, {@link io.github.pgqueue.jcache.annotation.cdi.JCacheAnnotationsLiteExtension} does the same, without the injection.
 *
 * <p>The interceptor has a binding of its own, and the annotations themselves are none: they have members that CDI would
 * have to be told to ignore, JSR-250 says differently from CDI what a superclass passes on, and a server that binds
 * interceptors of its own to them is not disturbed.
 *
 * <p>May import {@code annotation}, {@code jcache}, {@code cdi} for the qualifier, the root package, {@code spi}, {@code jakarta.*} and MicroProfile Config. JTA and MicroProfile Config
 * need not be there.
 */
@NullMarked
package io.github.pgqueue.jcache.annotation.cdi;

import org.jspecify.annotations.NullMarked;
