package io.github.pgqueue.jcache.annotation;

import java.lang.annotation.Annotation;
import javax.cache.Cache;
import javax.cache.annotation.CacheMethodDetails;

/**
 * Where annotated methods that name no resolver factory get their caches. Called for each call of such a method, by many
 * threads at once. What it throws counts as a cache that is down.
 */
@FunctionalInterface
public interface CacheSource {

    /**
     * The cache of that name, made with defaults if there is none.
     *
     * @param name of the method's cache, or of its cache of exceptions
     * @param method tells, by {@code getMethod().getGenericReturnType()}, what the cache holds
     */
    Cache<Object, Object> cache(String name, CacheMethodDetails<? extends Annotation> method);
}
