package io.github.pgqueue.jcache.annotation;

import java.lang.annotation.Annotation;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CacheKeyGenerator;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResolverFactory;
import javax.cache.annotation.CacheResult;
import org.jspecify.annotations.Nullable;

/**
 * What an annotation says, in the same words for all four.
 *
 * @param cacheName blank if the annotation names none
 * @param exceptionCacheName blank if exceptions are not cached
 * @param resolverFactory the interface itself if the annotation names none
 * @param keyGenerator the interface itself if the annotation names none
 * @param skipGet whether a result is not looked for
 * @param afterInvocation whether a change comes after the method
 * @param exceptions which of them are cached, or do not prevent the change
 */
record Attributes(
        Operation operation,
        String cacheName,
        String exceptionCacheName,
        Class<? extends CacheResolverFactory> resolverFactory,
        Class<? extends CacheKeyGenerator> keyGenerator,
        boolean skipGet,
        boolean afterInvocation,
        ThrowableFilter exceptions) {

    /** What an annotated call does with its cache. */
    enum Operation {
        RESULT,
        PUT,
        REMOVE,
        REMOVE_ALL
    }

    /** Null if it is none of the four. */
    static @Nullable Attributes of(Annotation annotation) {
        if (annotation instanceof CacheResult a) {
            return new Attributes(
                    Operation.RESULT,
                    a.cacheName(),
                    a.exceptionCacheName().strip(),
                    a.cacheResolverFactory(),
                    a.cacheKeyGenerator(),
                    a.skipGet(),
                    /* afterInvocation= */ true,
                    ThrowableFilter.ofResult(a.cachedExceptions(), a.nonCachedExceptions()));
        }
        if (annotation instanceof CachePut a) {
            return change(
                    Operation.PUT,
                    a.cacheName(),
                    a.cacheResolverFactory(),
                    a.cacheKeyGenerator(),
                    a.afterInvocation(),
                    ThrowableFilter.ofChange(a.cacheFor(), a.noCacheFor()));
        }
        if (annotation instanceof CacheRemove a) {
            return change(
                    Operation.REMOVE,
                    a.cacheName(),
                    a.cacheResolverFactory(),
                    a.cacheKeyGenerator(),
                    a.afterInvocation(),
                    ThrowableFilter.ofChange(a.evictFor(), a.noEvictFor()));
        }
        if (annotation instanceof CacheRemoveAll a) {
            return change(
                    Operation.REMOVE_ALL,
                    a.cacheName(),
                    a.cacheResolverFactory(),
                    CacheKeyGenerator.class,
                    a.afterInvocation(),
                    ThrowableFilter.ofChange(a.evictFor(), a.noEvictFor()));
        }
        return null;
    }

    private static Attributes change(
            Operation operation,
            String cacheName,
            Class<? extends CacheResolverFactory> resolverFactory,
            Class<? extends CacheKeyGenerator> keyGenerator,
            boolean afterInvocation,
            ThrowableFilter exceptions) {
        return new Attributes(
                operation,
                cacheName,
                "",
                resolverFactory,
                keyGenerator,
                /* skipGet= */ false,
                afterInvocation,
                exceptions);
    }

    /** The same, with what it leaves open as the class says. */
    Attributes or(@Nullable CacheDefaults defaults) {
        if (defaults == null) {
            return this;
        }
        return new Attributes(
                operation,
                cacheName.isEmpty() ? defaults.cacheName() : cacheName,
                exceptionCacheName,
                resolverFactory == CacheResolverFactory.class ? defaults.cacheResolverFactory() : resolverFactory,
                keyGenerator == CacheKeyGenerator.class ? defaults.cacheKeyGenerator() : keyGenerator,
                skipGet,
                afterInvocation,
                exceptions);
    }
}
