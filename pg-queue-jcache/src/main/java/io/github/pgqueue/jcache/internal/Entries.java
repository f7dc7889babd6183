package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.PayloadType;
import io.github.pgqueue.internal.cache.CacheCodec;
import io.github.pgqueue.internal.cache.CacheStore;
import io.github.pgqueue.internal.cache.StoredEntry;
import io.github.pgqueue.internal.cache.StoredValue;
import java.util.Optional;
import javax.cache.configuration.CompleteConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of one cache, between what the application knows and what is stored. A stored value that cannot be
 * read counts as none.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class Entries<K, V> {

    private final String cache;
    private final CacheStore store;
    private final CacheCodec codec;
    private final Class<K> keyType;
    private final Class<V> valueType;
    private final Statistics statistics;

    Entries(
            String cache,
            CacheStore store,
            CacheCodec codec,
            CompleteConfiguration<K, V> configuration,
            Statistics statistics) {
        this.cache = cache;
        this.store = store;
        this.codec = codec;
        this.keyType = configuration.getKeyType();
        this.valueType = configuration.getValueType();
        this.statistics = statistics;
    }

    String cache() {
        return cache;
    }

    CacheStore store() {
        return store;
    }

    /** The declared types hold at run time too. */
    void check(K key) {
        if (!keyType.isInstance(key)) {
            throw wrongType("a key", key, keyType);
        }
    }

    void check(K key, V value) {
        check(key);
        if (!valueType.isInstance(value)) {
            throw wrongType("a value", value, valueType);
        }
    }

    private ClassCastException wrongType(String what, @Nullable Object given, Class<?> declared) {
        if (given == null) {
            throw new NullPointerException(what + " of cache '" + cache + "' is null");
        }
        return new ClassCastException(what + " of cache '" + cache + "' is a "
                + given.getClass().getName() + ", but was declared as " + declared.getName());
    }

    void declareValues(PayloadType<?> type) {
        codec.declareValues(type);
    }

    byte[] keyBytes(K key) {
        return codec.writeKey(key);
    }

    StoredValue stored(V value) {
        return codec.writeValue(value);
    }

    /** The key of a row, unless it cannot be read. */
    Optional<K> key(byte[] bytes) {
        return codec.readKey(bytes).filter(keyType::isInstance).map(keyType::cast);
    }

    /** The value, unless there is none or it cannot be read. */
    @Nullable
    V value(@Nullable StoredValue stored) {
        if (stored == null) {
            return null;
        }
        Optional<Object> value = codec.readValue(stored).filter(valueType::isInstance);
        if (value.isEmpty()) {
            statistics.unreadable();
            return null;
        }
        return valueType.cast(value.get());
    }

    /** The same, and removes what cannot be read: whatever comes next should not find it there. */
    @Nullable
    V valueOrRemove(byte[] key, StoredEntry entry) {
        V value = value(entry.value());
        if (value == null) {
            store.remove(cache, key, entry.value());
        }
        return value;
    }
}
