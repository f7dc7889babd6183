package io.github.pgqueue.jcache.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.cache.Cache;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the application's cache writer, if there is one; what it throws is a {@link CacheWriterException}.
 *
 * @param <K> the keys
 * @param <V> the values
 */
record Writing<K, V>(@Nullable CacheWriter<? super K, ? super V> writer) {

    /** What became of several entries: those that the writer did not take, and its exception. */
    record Outcome<K>(Set<K> failed, @Nullable CacheWriterException exception) {}

    void write(K key, V value) {
        if (writer != null) {
            try {
                writer.write(new CacheEntry<>(key, value));
            } catch (RuntimeException e) {
                throw failed(e);
            }
        }
    }

    void delete(K key) {
        if (writer != null) {
            try {
                writer.delete(key);
            } catch (RuntimeException e) {
                throw failed(e);
            }
        }
    }

    Outcome<K> writeAll(Map<? extends K, ? extends V> map) {
        if (writer == null) {
            return new Outcome<>(Set.of(), null);
        }
        List<Cache.Entry<? extends K, ? extends V>> left = new ArrayList<>();
        map.forEach((key, value) -> left.add(new CacheEntry<K, V>(key, value)));
        CacheWriterException exception = null;
        try {
            writeAll(writer, left);
        } catch (RuntimeException e) {
            exception = failed(e);
        }
        return new Outcome<>(left.stream().map(Cache.Entry::getKey).collect(Collectors.toSet()), exception);
    }

    /** The writer of a wider type takes these entries too, but its signature cannot say so. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void writeAll(CacheWriter writer, Collection<?> left) {
        writer.writeAll(left);
    }

    Outcome<K> deleteAll(Collection<? extends K> keys) {
        if (writer == null) {
            return new Outcome<>(Set.of(), null);
        }
        List<K> left = new ArrayList<>(keys);
        CacheWriterException exception = null;
        try {
            writer.deleteAll(left);
        } catch (RuntimeException e) {
            exception = failed(e);
        }
        return new Outcome<>(new HashSet<>(left), exception);
    }

    private static CacheWriterException failed(RuntimeException e) {
        return e instanceof CacheWriterException known
                ? known
                : new CacheWriterException(
                        "the cache writer failed: " + e.getClass().getName(), e);
    }
}
