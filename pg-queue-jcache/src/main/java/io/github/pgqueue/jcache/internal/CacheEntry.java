package io.github.pgqueue.jcache.internal;

import javax.cache.Cache;

/**
 * A key and its value, as they were when they were read.
 *
 * @param <K> the key
 * @param <V> the value
 */
public record CacheEntry<K, V>(K key, V value) implements Cache.Entry<K, V> {

    @Override
    public K getKey() {
        return key;
    }

    @Override
    public V getValue() {
        return value;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return Unwrapping.unwrap(type, this);
    }
}
