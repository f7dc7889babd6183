package io.github.pgqueue.jcache.internal;

import java.util.Objects;
import javax.cache.Cache;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * What a listener hears.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class EntryEvent<K, V> extends CacheEntryEvent<K, V> {

    private static final long serialVersionUID = 1L;

    private final transient K key;
    private final transient @Nullable V value;
    private final transient @Nullable V oldValue;

    EntryEvent(Cache<K, V> source, EventType type, K key, @Nullable V value, @Nullable V oldValue) {
        super(source, type);
        this.key = key;
        this.value = value;
        this.oldValue = oldValue;
    }

    /** The same for a listener that did not ask for the old value, which is all that a removal has. */
    EntryEvent<K, V> withoutOldValue(Cache<K, V> source) {
        boolean gone = getEventType() == EventType.REMOVED || getEventType() == EventType.EXPIRED;
        return new EntryEvent<>(source, getEventType(), key, gone ? null : value, null);
    }

    @Override
    public K getKey() {
        return Objects.requireNonNull(key);
    }

    @Override
    public @Nullable V getValue() {
        return value;
    }

    @Override
    public @Nullable V getOldValue() {
        return oldValue;
    }

    @Override
    public boolean isOldValueAvailable() {
        return oldValue != null;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return Unwrapping.unwrap(type, this);
    }
}
