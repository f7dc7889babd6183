package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.internal.cache.CacheStore;
import io.github.pgqueue.internal.cache.FailOpen;
import io.github.pgqueue.internal.cache.SharedLoads;
import io.github.pgqueue.internal.cache.StoredEntry;
import io.github.pgqueue.internal.cache.StoredValue;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has the cache's loader load what callers miss; those who miss the same share what is loaded. Whoever has called the
 * loader himself gets its very object, and everybody else one of his own. Thread-safe.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class ReadThrough<K, V> {

    private final Entries<K, V> entries;
    private final CacheStore store;
    private final String name;
    private final FailOpen failOpen;
    private final SharedLoads<ByteBuffer, Loaded> shared;
    private final BiConsumer<K, V> put;

    /** What a loader has found, if anything. */
    record Loaded(@Nullable StoredValue value) {}

    /**
     * Makes one.
     *
     * @param put puts what was loaded if the key is absent
     */
    ReadThrough(
            Entries<K, V> entries, FailOpen failOpen, SharedLoads<ByteBuffer, Loaded> shared, BiConsumer<K, V> put) {
        this.entries = entries;
        this.store = entries.store();
        this.name = entries.cache();
        this.failOpen = failOpen;
        this.shared = shared;
        this.put = put;
    }

    /** What a key that was missed has now. */
    @Nullable
    V load(K key, byte[] bytes, Loading<K, V> loading) {
        AtomicReference<@Nullable V> own = new AtomicReference<>();
        Loaded any = shared.load(ByteBuffer.wrap(bytes), () -> stored(bytes), () -> {
            V loaded = loading.load(key);
            own.set(loaded);
            if (loaded != null) {
                failOpen.store(() -> put.accept(key, loaded));
            }
            return loaded(loaded);
        });
        V loaded = own.get();
        return loaded != null ? loaded : entries.value(any.value());
    }

    /** What several keys that were missed have now. */
    Map<K, V> loadAll(Set<K> missing, Loading<K, V> loading) {
        Map<ByteBuffer, K> keys = new LinkedHashMap<>();
        missing.forEach(key -> keys.put(ByteBuffer.wrap(entries.keyBytes(key)), key));
        Map<K, V> values = new HashMap<>();
        Map<ByteBuffer, Loaded> all = shared.loadAll(keys.keySet(), this::stored, absent -> {
            Map<K, V> loaded = loading.loadAll(absent.stream().map(keys::get).collect(Collectors.toSet()));
            failOpen.store(() -> loaded.forEach((key, value) -> {
                entries.check(key, value);
                put.accept(key, value);
            }));
            values.putAll(loaded);
            return absent.stream().collect(Collectors.toMap(key -> key, key -> loaded(loaded.get(keys.get(key)))));
        });
        all.forEach((bytes, loaded) -> {
            K key = Objects.requireNonNull(keys.get(bytes));
            V value = values.containsKey(key) ? null : entries.value(loaded.value());
            if (value != null) {
                values.put(key, value);
            }
        });
        return values;
    }

    private Loaded loaded(@Nullable V value) {
        return new Loaded(value == null ? null : entries.stored(value));
    }

    /** What the database has of a key, such as what another one has loaded, unless it cannot be read. */
    Optional<Loaded> stored(byte[] key) {
        return failOpen.read(() -> store.getStored(name, key), Optional.<StoredEntry>empty())
                .filter(this::isReadable)
                .map(entry -> new Loaded(entry.value()));
    }

    private Map<ByteBuffer, Loaded> stored(Set<ByteBuffer> keys) {
        List<ByteBuffer> asked = List.copyOf(keys);
        List<@Nullable StoredEntry> found = failOpen.read(
                () -> store.getAllStored(
                        name, asked.stream().map(ByteBuffer::array).toList(), null),
                Collections.<@Nullable StoredEntry>nCopies(asked.size(), null));
        Map<ByteBuffer, Loaded> loaded = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            StoredEntry entry = found.get(i);
            if (entry != null && isReadable(entry)) {
                loaded.put(asked.get(i), new Loaded(entry.value()));
            }
        }
        return loaded;
    }

    private boolean isReadable(StoredEntry entry) {
        return entries.value(entry.value()) != null;
    }
}
