package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.jcache.internal.LockedMutations.Decision;
import java.util.Objects;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/**
 * An entry in the hands of an entry processor: it collects what is done to it, of which only the net effect counts. Used
 * by one thread.
 *
 * @param <K> the key
 * @param <V> the value
 */
final class ProcessorEntry<K, V> implements MutableEntry<K, V> {

    private final K key;
    private final boolean present;
    private final @Nullable Loading<K, V> loading;
    private @Nullable V value;
    private Decision<V> decision = new Decision.Leave<>();

    /** The loading is null if the cache does not read through. */
    ProcessorEntry(K key, @Nullable V value, @Nullable Loading<K, V> loading) {
        this.key = key;
        this.value = value;
        this.present = value != null;
        this.loading = loading;
    }

    Decision<V> decision() {
        return decision;
    }

    /** What it has now, as far as the processor knows. */
    @Nullable
    V current() {
        return value;
    }

    @Override
    public K getKey() {
        return key;
    }

    @Override
    public @Nullable V getValue() {
        if (value == null && loading != null) {
            value = loading.load(key);
            if (value != null) {
                decision = new Decision.Load<>(value);
            }
        } else if (value != null && decision instanceof Decision.Leave<V>) {
            decision = new Decision.Access<>();
        }
        return value;
    }

    @Override
    public boolean exists() {
        return value != null;
    }

    @Override
    public void setValue(V newValue) {
        value = Objects.requireNonNull(newValue, "the value is null");
        decision = new Decision.Set<>(newValue);
    }

    /** What was only set or loaded here leaves no trace. */
    @Override
    public void remove() {
        boolean onlyHere = !present && (decision instanceof Decision.Set<V> || decision instanceof Decision.Load<V>);
        decision = onlyHere ? new Decision.Leave<>() : new Decision.Remove<>();
        value = null;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return Unwrapping.unwrap(type, this);
    }
}
