package io.github.pgqueue.jcache.annotation;

import io.github.pgqueue.jcache.annotation.CacheFailures.Verb;
import io.github.pgqueue.jcache.internal.PostgresCache;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.annotation.GeneratedCacheKey;
import org.jspecify.annotations.Nullable;

/** A cache that never fails its caller: what it throws is counted, and means that nothing was found or changed. */
record SafeCache(Cache<Object, Object> cache, CacheFailures failures) {

    @Nullable
    Object get(GeneratedCacheKey key) {
        return attempt(Verb.READ, () -> cache.get(key), null);
    }

    /** The same for whoever has missed it before: from the database and counted nowhere, where that can be had. */
    @Nullable
    Object look(GeneratedCacheKey key) {
        PostgresCache<Object, Object> own = ours().orElse(null);
        if (own == null) {
            return get(key);
        }
        try {
            return own.peek(key);
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** Shares a load with other nodes, as far as the cache can. */
    Outcome loadAmongNodes(GeneratedCacheKey key, Supplier<Optional<Outcome>> stored, Supplier<Outcome> load) {
        return ours().map(own -> own.loadAmongNodes(key, stored, load)).orElseGet(load);
    }

    /** A load of this key that has begun is not for those who come now. */
    void outdate(GeneratedCacheKey key) {
        ours().ifPresent(own -> own.outdate(key));
    }

    /** Empty if the cache is one of another provider, which a test or an application without CDI may use. */
    @SuppressWarnings("unchecked") // as the cache itself
    private Optional<PostgresCache<Object, Object>> ours() {
        try {
            return Optional.of(cache.unwrap(PostgresCache.class));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Stores what was not there. */
    void fill(GeneratedCacheKey key, Object value) {
        boolean unused = change(Verb.PUT, () -> cache.put(key, value));
    }

    /** Stores instead of what may be there: if that fails, the old value must not stay. */
    void replace(GeneratedCacheKey key, Object value) {
        if (!change(Verb.PUT, () -> cache.put(key, value))) {
            remove(key);
        }
    }

    void replaceAll(Map<GeneratedCacheKey, Object> values) {
        if (!values.isEmpty() && !change(Verb.PUT, () -> cache.putAll(values))) {
            removeAll(values.keySet());
        }
    }

    void remove(GeneratedCacheKey key) {
        boolean unused = change(Verb.REMOVE, () -> cache.remove(key));
    }

    void removeAll(Set<GeneratedCacheKey> keys) {
        if (!keys.isEmpty()) {
            boolean unused = change(Verb.REMOVE, () -> cache.removeAll(keys));
        }
    }

    void removeAll() {
        boolean unused = change(Verb.REMOVE, cache::removeAll);
    }

    private boolean change(Verb verb, Runnable change) {
        return Boolean.TRUE.equals(attempt(
                verb,
                () -> {
                    change.run();
                    return true;
                },
                false));
    }

    private <R> @Nullable R attempt(Verb verb, Supplier<@Nullable R> action, @Nullable R otherwise) {
        try {
            R result = action.get();
            failures.worked(cache.getName(), verb);
            return result;
        } catch (RuntimeException e) {
            failures.failed(cache.getName(), verb, e);
            return otherwise;
        }
    }
}
