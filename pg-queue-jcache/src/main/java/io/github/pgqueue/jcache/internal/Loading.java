package io.github.pgqueue.jcache.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the application's cache loader; what it throws is a {@link CacheLoaderException}.
 *
 * @param <K> the keys
 * @param <V> the values
 */
record Loading<K, V>(CacheLoader<K, V> loader) {

    /** Null if there is nothing. */
    @Nullable
    V load(K key) {
        try {
            return loader.load(key);
        } catch (RuntimeException e) {
            throw failed(e);
        }
    }

    /** Only what there is; the loader is not asked for nothing. */
    Map<K, V> loadAll(Set<? extends K> keys) {
        Map<K, V> loaded = new HashMap<>();
        if (keys.isEmpty()) {
            return loaded;
        }
        try {
            Map<K, V> all = loader.loadAll(keys);
            if (all != null) {
                loaded.putAll(all);
            }
        } catch (RuntimeException e) {
            throw failed(e);
        }
        loaded.values().removeIf(value -> value == null);
        return loaded;
    }

    private static CacheLoaderException failed(RuntimeException e) {
        return e instanceof CacheLoaderException known
                ? known
                : new CacheLoaderException(
                        "the cache loader failed: " + e.getClass().getName(), e);
    }
}
