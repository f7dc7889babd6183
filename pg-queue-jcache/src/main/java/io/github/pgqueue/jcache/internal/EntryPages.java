package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.internal.cache.StoredRow;
import java.util.ArrayDeque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a cache, a page at a time, in the order of their keys' hashes: memory and locks do not grow with the
 * cache. What is put or removed meanwhile may or may not be seen. Used by one thread.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class EntryPages<K, V> {

    /** An entry, and the row that it was read from. */
    record Read<K, V>(CacheEntry<K, V> entry, StoredRow row) {}

    private final Entries<K, V> entries;
    private final int size;
    private final Queue<StoredRow> page = new ArrayDeque<>();
    private byte[] after = new byte[0];
    private long readAt;
    private boolean ended;
    private @Nullable Read<K, V> next;

    EntryPages(Entries<K, V> entries, int size) {
        this.entries = entries;
        this.size = size;
    }

    boolean hasNext() {
        while (next == null || hasExpired(next.row())) {
            next = null;
            if (page.isEmpty() && !readPage()) {
                return false;
            }
            StoredRow row = page.remove();
            next = hasExpired(row) ? null : read(row);
        }
        return true;
    }

    Read<K, V> next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Read<K, V> read = next;
        next = null;
        return read;
    }

    private boolean readPage() {
        if (ended) {
            return false;
        }
        readAt = System.nanoTime();
        List<StoredRow> rows = entries.store().page(entries.cache(), after, size);
        ended = rows.size() < size;
        if (rows.isEmpty()) {
            return false;
        }
        after = rows.get(rows.size() - 1).hash();
        page.addAll(rows);
        return true;
    }

    /** Counted from before the read, so that nothing is shown later than the database would. */
    private boolean hasExpired(StoredRow row) {
        return (System.nanoTime() - readAt) / 1e9 >= row.entry().remaining();
    }

    private @Nullable Read<K, V> read(StoredRow row) {
        Optional<K> key = entries.key(row.key());
        V value = entries.value(row.entry().value());
        return key.isEmpty() || value == null ? null : new Read<>(new CacheEntry<>(key.get(), value), row);
    }
}
