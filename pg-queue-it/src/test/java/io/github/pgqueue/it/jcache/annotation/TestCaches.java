package io.github.pgqueue.it.jcache.annotation;

import io.github.pgqueue.it.jcache.DefaultCaches;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;

/** The caches that annotated methods use in these tests: those of {@link DefaultCaches}. */
final class TestCaches {

    private TestCaches() {}

    static CacheManager manager() {
        return DefaultCaches.manager();
    }

    /** The cache of that name, as a user would get it; made if there is none. */
    static Cache<Object, Object> cache(String name) {
        Cache<Object, Object> found = manager().getCache(name);
        return found == null ? manager().createCache(name, new MutableConfiguration<>()) : found;
    }

    /** Forgets every cache of an earlier test. */
    static void destroyAll() {
        for (String name : manager().getCacheNames()) {
            manager().destroyCache(name);
        }
    }
}
