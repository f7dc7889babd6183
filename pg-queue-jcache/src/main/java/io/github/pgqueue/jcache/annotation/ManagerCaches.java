package io.github.pgqueue.jcache.annotation;

import io.github.pgqueue.jcache.internal.PostgresCache;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.annotation.CacheMethodDetails;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The caches of a {@link CacheManager}. A missing cache is created: by value, eternal, of any key and value. A cache that
 * was closed is looked for again. Thread-safe.
 *
 * <p>A cache of this library is told what its methods return or put, generic types included, so that it stores that as
 * JSON.
 */
public final class ManagerCaches implements CacheSource {

    private final Supplier<CacheManager> manager;
    private final Map<String, Cache<Object, Object>> known = new ConcurrentHashMap<>();
    private final Set<Use> uses = ConcurrentHashMap.newKeySet();

    private record Use(String cache, Method method) {}

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
            uses.removeIf(use -> use.cache().equals(name));
            known.put(name, cache);
        }
        Use use = new Use(name, method.getMethod());
        if (!uses.contains(use)) {
            declareValues(cache, method);
            uses.add(use);
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

    private static void declareValues(Cache<Object, Object> cache, CacheMethodDetails<? extends Annotation> method) {
        Type type = valueType(method);
        if (type == null) {
            return;
        }
        try {
            cache.unwrap(PostgresCache.class).declareValues(type);
        } catch (IllegalArgumentException e) {
            // The cache of another provider, which a test or an application without CDI may use.
            return;
        }
    }

    /** What the method puts into its cache; null if it only removes. */
    private static @Nullable Type valueType(CacheMethodDetails<? extends Annotation> details) {
        Method method = details.getMethod();
        if (details.getCacheAnnotation() instanceof CacheResult) {
            return method.getGenericReturnType();
        }
        if (details.getCacheAnnotation() instanceof CachePut) {
            return DeclaredParameter.of(method).stream()
                    .filter(parameter -> parameter.has(CacheValue.class))
                    .map(parameter -> method.getGenericParameterTypes()[parameter.position()])
                    .findFirst()
                    .orElse(null);
        }
        return null;
    }
}
