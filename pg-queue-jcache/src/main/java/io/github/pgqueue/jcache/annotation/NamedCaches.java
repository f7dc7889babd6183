package io.github.pgqueue.jcache.annotation;

import java.lang.annotation.Annotation;
import javax.cache.Cache;
import javax.cache.annotation.CacheInvocationContext;
import javax.cache.annotation.CacheMethodDetails;
import javax.cache.annotation.CacheResolver;
import javax.cache.annotation.CacheResolverFactory;
import javax.cache.annotation.CacheResult;

/** Finds caches by the names in the annotations; for methods that name no resolver factory. */
record NamedCaches(CacheSource source) implements CacheResolverFactory {

    @Override
    public CacheResolver getCacheResolver(CacheMethodDetails<? extends Annotation> method) {
        return new ByName(source, method.getCacheName(), method);
    }

    @Override
    public CacheResolver getExceptionCacheResolver(CacheMethodDetails<CacheResult> method) {
        return new ByName(
                source, method.getCacheAnnotation().exceptionCacheName().strip(), method);
    }

    private record ByName(CacheSource source, String name, CacheMethodDetails<? extends Annotation> method)
            implements CacheResolver {

        @Override
        @SuppressWarnings("unchecked") // the caller chooses the types, as it does by getCache(name)
        public <K, V> Cache<K, V> resolveCache(CacheInvocationContext<? extends Annotation> call) {
            return (Cache<K, V>) source.cache(name, method);
        }
    }
}
