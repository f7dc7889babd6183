package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.internal.cache.Lifetime;
import io.github.pgqueue.internal.cache.Refreshes;
import io.github.pgqueue.internal.cache.StoredEntry;
import io.github.pgqueue.internal.cache.StoredValue;
import io.github.pgqueue.jcache.internal.Change.Kind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads that have the cache's loader load anew, in the background, what expires soon or has just expired. Thread-safe.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class Refreshing<K, V> {

    private final Refreshes<ByteBuffer> refreshes;
    private final Entries<K, V> entries;
    private final Loading<K, V> loading;
    private final Lifetime lifetime;
    private final Observer<K, V> observer;

    /** Who tells listeners of changes. */
    @FunctionalInterface
    interface Observer<K, V> {
        void changed(K key, @Nullable V value, Change change);
    }

    /**
     * Makes one.
     *
     * @param lifetime of what is loaded, as of what is created
     */
    Refreshing(
            Refreshes<ByteBuffer> refreshes,
            Entries<K, V> entries,
            Loading<K, V> loading,
            Lifetime lifetime,
            Observer<K, V> observer) {
        this.refreshes = refreshes;
        this.entries = entries;
        this.loading = loading;
        this.lifetime = lifetime;
        this.observer = observer;
    }

    /** The entry, or the one that has expired not too long ago. */
    Optional<StoredEntry> get(byte[] key) {
        return refreshes.get(key);
    }

    /** The same for several keys: one element for each, null where there is none. */
    List<@Nullable StoredEntry> getAll(List<byte[]> keys) {
        return refreshes.getAll(keys);
    }

    /** An entry was read. */
    void read(K key, byte[] bytes, StoredEntry entry) {
        refreshes.read(ByteBuffer.wrap(bytes), bytes, entry, lifetime, new Reload(key));
    }

    private final class Reload implements Refreshes.Loader {

        private final K key;
        private @Nullable V loaded;

        Reload(K key) {
            this.key = key;
        }

        @Override
        public @Nullable StoredValue load() {
            V value = loading.load(key);
            loaded = value;
            return value == null ? null : entries.stored(value);
        }

        @Override
        public void replaced(StoredEntry old) {
            observer.changed(key, loaded, old.remaining() > 0 ? ofLive(old.value()) : ofExpired(old.value()));
        }

        private Change ofLive(StoredValue old) {
            return loaded == null ? Change.removed(old) : Change.updated(old);
        }

        private Change ofExpired(StoredValue old) {
            return new Change(loaded == null ? Kind.NONE : Kind.CREATED, /* present= */ false, null, old);
        }
    }
}
