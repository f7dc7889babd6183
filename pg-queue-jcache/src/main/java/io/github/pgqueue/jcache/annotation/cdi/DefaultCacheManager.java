package io.github.pgqueue.jcache.annotation.cdi;

import javax.cache.CacheManager;
import javax.cache.Caching;

/** Whose caches the annotations use by default: the one place that decides it. */
final class DefaultCacheManager {

    private DefaultCacheManager() {}

    /** The application's {@code CacheManager} bean, else the manager of the only provider on the class path. */
    static CacheManager of(Beans beans) {
        return beans.find(CacheManager.class)
                .orElseGet(() -> Caching.getCachingProvider().getCacheManager());
    }
}
