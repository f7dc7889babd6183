package io.github.pgqueue.jcache.annotation;

import java.lang.annotation.Annotation;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.annotation.CacheMethodDetails;
import javax.cache.configuration.MutableConfiguration;

/**
 * The caches of a {@link CacheManager}. A missing cache is created: by value, eternal, of any key and value. A cache that
 * was closed is looked for again. Thread-safe.
 */
public final class ManagerCaches implements CacheSource {

    private final Supplier<CacheManager> manager;
    private final Map<String, Cache<Object, Object>> known = new ConcurrentHashMap<>();

    /**
     * Takes the caches of that manager.
     *
     * @param manager asked whenever a cache is not known yet, or was closed
     */
    public ManagerCaches(Supplier<CacheManager> manager) {
        this.manager = manager;
    }

    @Override
    public Cache<Object, Object> cache(String name, CacheMethodDetails<? extends Annotation> method) {
        Cache<Object, Object> cache = known.get(name);
        if (cache == null || cache.isClosed()) {
            cache = findOrCreate(manager.get(), name);
            known.put(name, cache);
        }
        return cache;
    }

    private static Cache<Object, Object> findOrCreate(CacheManager manager, String name) {
        Cache<Object, Object> found = manager.getCache(name);
        if (found != null) {
            return found;
        }
        try {
            return manager.createCache(name, new MutableConfiguration<>());
        } catch (CacheException e) {
            // Another thread was faster.
            Cache<Object, Object> created = manager.getCache(name);
            if (created == null) {
                throw e;
            }
            return created;
        }
    }
}
