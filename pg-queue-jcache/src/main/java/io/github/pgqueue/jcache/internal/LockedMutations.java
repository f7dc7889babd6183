package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.internal.cache.Lifetime;
import io.github.pgqueue.internal.cache.LockedEntry;
import io.github.pgqueue.internal.cache.StoredValue;
import io.github.pgqueue.jcache.internal.Change.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/**
 * Decides in the JVM while the row is locked, absent ones included: for cache writers, entry processors, expiry policies
 * of the application, and where somebody wants to hear of what had expired.
 *
 * <p>The writer is called before the row is written, so that its exception leaves everything as it was.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class LockedMutations<K, V> implements Mutations<K, V> {

    /** What is to become of an entry. */
    sealed interface Decision<V> {
        /** Nothing, not even an access. */
        record Leave<V>() implements Decision<V> {}

        /** It was looked at. */
        record Access<V>() implements Decision<V> {}

        record Set<V>(V value) implements Decision<V> {}

        /** Set by a loader: the writer hears nothing of it. */
        record Load<V>(V value) implements Decision<V> {}

        record Remove<V>() implements Decision<V> {}
    }

    private final Entries<K, V> entries;
    private final Expiry expiry;
    private final Writing<K, V> writing;

    /** Makes one; the writer may be null. */
    LockedMutations(Entries<K, V> entries, Expiry expiry, @Nullable CacheWriter<? super K, ? super V> writer) {
        this.entries = entries;
        this.expiry = expiry;
        this.writing = new Writing<>(writer);
    }

    @Override
    public Change put(K key, V value, boolean wantOld) {
        return decide(key, current -> new Decision.Set<>(value));
    }

    @Override
    public Change putIfAbsent(K key, V value) {
        return decide(key, current -> current == null ? new Decision.Set<>(value) : new Decision.Leave<>());
    }

    @Override
    public Change replace(K key, V value, boolean wantOld) {
        return decide(key, current -> current == null ? new Decision.Leave<>() : new Decision.Set<>(value));
    }

    @Override
    public Change replace(K key, V expected, V value) {
        return decide(key, current -> ifEqual(current, expected, new Decision.Set<>(value)));
    }

    @Override
    public Change remove(K key) {
        return decide(key, current -> new Decision.Remove<>());
    }

    @Override
    public Change remove(K key, V expected) {
        return decide(key, current -> ifEqual(current, expected, new Decision.Remove<>()));
    }

    private static <V> Decision<V> ifEqual(@Nullable V current, V expected, Decision<V> then) {
        if (current == null) {
            return new Decision.Leave<>();
        }
        return current.equals(expected) ? then : new Decision.Access<>();
    }

    /** Locks an entry, lets somebody decide by its value, null if it has none, and does it. */
    Change decide(K key, Function<@Nullable V, Decision<V>> decider) {
        byte[] bytes = entries.keyBytes(key);
        return entries.store().locked(entries.cache(), List.of(bytes), locked -> decide(key, locked.get(0), decider));
    }

    private Change decide(K key, LockedEntry entry, Function<@Nullable V, Decision<V>> decider) {
        StoredValue old = entry.value().orElse(null);
        V current = entries.value(old);
        if (current == null) {
            old = null;
        }
        Decision<V> decision = decider.apply(current);
        if (decision instanceof Decision.Set<V> set) {
            writing.write(key, set.value());
        } else if (decision instanceof Decision.Remove<V>) {
            writing.delete(key);
        }
        Kind kind = apply(entry, old != null, decision);
        return new Change(kind, old != null, old, entry.expired().orElse(null));
    }

    /** Puts all that the writer writes, in one transaction; what becomes of it goes to the observer. */
    void putAll(Map<? extends K, ? extends V> map, BiConsumer<K, Change> observer) {
        List<K> keys = List.copyOf(map.keySet());
        List<LockedWrite<K>> done = new ArrayList<>();
        CacheWriterException failure = locked(keys, rows -> {
            Writing.Outcome<K> written = writing.writeAll(map);
            for (int i = 0; i < keys.size(); i++) {
                K key = keys.get(i);
                if (!written.failed().contains(key)) {
                    Decision<V> set = new Decision.Set<>(Objects.requireNonNull(map.get(key)));
                    done.add(new LockedWrite<>(key, change(rows.get(i), set)));
                }
            }
            return written.exception();
        });
        finish(done, failure, observer);
    }

    /** Removes all that the writer deletes. */
    void removeAll(Collection<? extends K> keySet, BiConsumer<K, Change> observer) {
        List<K> keys = List.copyOf(keySet);
        List<LockedWrite<K>> done = new ArrayList<>();
        CacheWriterException failure = locked(keys, rows -> {
            Writing.Outcome<K> deleted = writing.deleteAll(keys);
            for (int i = 0; i < keys.size(); i++) {
                if (!deleted.failed().contains(keys.get(i))) {
                    done.add(new LockedWrite<>(keys.get(i), change(rows.get(i), new Decision.Remove<>())));
                }
            }
            return deleted.exception();
        });
        finish(done, failure, observer);
    }

    private record LockedWrite<K>(K key, Change change) {}

    private <R> R locked(List<K> keys, Function<List<LockedEntry>, R> work) {
        return entries.store()
                .locked(entries.cache(), keys.stream().map(entries::keyBytes).toList(), work);
    }

    private Change change(LockedEntry row, Decision<V> decision) {
        StoredValue old = row.value().orElse(null);
        Kind kind = apply(row, old != null, decision);
        return new Change(kind, old != null, old, row.expired().orElse(null));
    }

    private static <K> void finish(
            List<LockedWrite<K>> done, @Nullable CacheWriterException failure, BiConsumer<K, Change> observer) {
        done.forEach(write -> observer.accept(write.key(), write.change()));
        if (failure != null) {
            throw failure;
        }
    }

    /** Writes the row of a locked entry. */
    private Kind apply(LockedEntry entry, boolean present, Decision<V> decision) {
        if (decision instanceof Decision.Set<V> set) {
            return write(entry, present, set.value(), Kind.CREATED);
        }
        if (decision instanceof Decision.Load<V> load) {
            return write(entry, present, load.value(), Kind.LOADED);
        }
        if (decision instanceof Decision.Remove<V>) {
            if (entry.value().isPresent()) {
                entry.remove();
            }
            return present ? Kind.REMOVED : Kind.NONE;
        }
        if (decision instanceof Decision.Access<V> && present) {
            Lifetime lifetime = expiry.access();
            if (lifetime != null) {
                entry.touch(lifetime);
            }
        }
        return Kind.NONE;
    }

    private Kind write(LockedEntry entry, boolean present, V value, Kind created) {
        StoredValue stored = entries.stored(value);
        if (present) {
            entry.write(stored, expiry.renewal());
            return Kind.UPDATED;
        }
        Lifetime lifetime = expiry.creation();
        if (lifetime.isZero()) {
            return Kind.STILLBORN;
        }
        entry.write(stored, lifetime);
        return created;
    }
}
