package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.internal.cache.CacheStore;
import io.github.pgqueue.internal.cache.Lifetime;
import io.github.pgqueue.internal.cache.StoredEntry;
import io.github.pgqueue.internal.cache.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * One statement each, for policies whose lifetimes fit into it.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class StatementMutations<K, V> implements Mutations<K, V> {

    private final Entries<K, V> entries;
    private final CacheStore store;
    private final String cache;
    private final Lifetime creation;
    private final @Nullable Lifetime renewal;
    private final @Nullable Lifetime access;

    StatementMutations(Entries<K, V> entries, Expiry expiry) {
        this.entries = entries;
        this.store = entries.store();
        this.cache = entries.cache();
        this.creation = expiry.creation();
        this.renewal = expiry.renewal();
        this.access = expiry.access();
    }

    @Override
    public Change put(K key, V value, boolean wantOld) {
        byte[] keyBytes = entries.keyBytes(key);
        StoredValue stored = entries.stored(value);
        if (wantOld) {
            return Change.put(
                    store.getAndPut(cache, keyBytes, stored, creation, renewal).orElse(null));
        }
        store.put(cache, keyBytes, stored, creation, renewal);
        return Change.updated(null);
    }

    @Override
    public Change putIfAbsent(K key, V value) {
        boolean put = store.putIfAbsent(cache, entries.keyBytes(key), entries.stored(value), creation);
        return put ? Change.put(null) : Change.none(/* present= */ true);
    }

    @Override
    public Change replace(K key, V value, boolean wantOld) {
        byte[] keyBytes = entries.keyBytes(key);
        StoredValue stored = entries.stored(value);
        if (wantOld) {
            return store.getAndReplace(cache, keyBytes, stored, renewal)
                    .map(Change::updated)
                    .orElse(Change.none(/* present= */ false));
        }
        return store.replace(cache, keyBytes, stored, renewal)
                ? Change.updated(null)
                : Change.none(/* present= */ false);
    }

    @Override
    public Change replace(K key, V expected, V value) {
        byte[] keyBytes = entries.keyBytes(key);
        StoredValue stored = entries.stored(value);
        StoredValue guess = entries.stored(expected);
        if (store.replace(cache, keyBytes, guess, stored, renewal)) {
            return Change.updated(guess);
        }
        return ifEqual(
                keyBytes,
                expected,
                read -> store.replace(cache, keyBytes, read, stored, renewal) ? Change.updated(read) : null);
    }

    @Override
    public Change remove(K key) {
        return Change.removed(store.remove(cache, entries.keyBytes(key)).orElse(null));
    }

    @Override
    public Change remove(K key, V expected) {
        byte[] keyBytes = entries.keyBytes(key);
        StoredValue guess = entries.stored(expected);
        if (store.remove(cache, keyBytes, guess)) {
            return Change.removed(guess);
        }
        return ifEqual(keyBytes, expected, read -> store.remove(cache, keyBytes, read) ? Change.removed(read) : null);
    }

    private interface Attempt {
        /** Null if the entry has changed since it was read. */
        @Nullable
        Change on(StoredValue read);
    }

    /** Equal objects may have other bytes: the object decides, and the bytes that were read are compared and set. */
    private Change ifEqual(byte[] key, V expected, Attempt attempt) {
        while (true) {
            StoredEntry read = store.get(cache, key).orElse(null);
            V current = read == null ? null : entries.valueOrRemove(key, read);
            if (read == null || current == null) {
                return Change.none(/* present= */ false);
            }
            if (!current.equals(expected)) {
                if (access != null) {
                    store.touch(cache, key, read, access);
                }
                return Change.none(/* present= */ true);
            }
            Change change = attempt.on(read.value());
            if (change != null) {
                return change;
            }
        }
    }
}
