package io.github.pgqueue.jcache.annotation;

import io.github.pgqueue.spi.Transactions.Completion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.cache.annotation.GeneratedCacheKey;
import org.jspecify.annotations.Nullable;

/**
 * The changes that the calls in one transaction have made. Calls in the same transaction see them; the caches get them
 * when it has committed. Made by {@link AnnotatedCalls}; told once by {@link CallerTransactions} how it ended, on any
 * thread.
 *
 * <p>If the transaction manager does not know how it ended, everything that was to change is removed instead: what was
 * committed must not be hidden by what was cached before.
 */
public final class PendingChanges implements Changes {

    private final Flights flights;
    private final Map<SafeCache, Overlay> overlays = new LinkedHashMap<>();

    PendingChanges(Flights flights) {
        this.flights = flights;
    }

    /** Over one cache: first it is emptied, if it is to be; then keys get values, or none. */
    private static final class Overlay {
        private final Map<GeneratedCacheKey, Optional<Object>> values = new HashMap<>();
        private boolean emptied;
    }

    @Override
    public @Nullable Object get(SafeCache cache, GeneratedCacheKey key) {
        synchronized (overlays) {
            Overlay overlay = overlays.get(cache);
            if (overlay != null) {
                Optional<Object> changed = overlay.values.get(key);
                if (changed != null) {
                    return changed.orElse(null);
                }
                if (overlay.emptied) {
                    return null;
                }
            }
        }
        return cache.get(key);
    }

    @Override
    public void fill(SafeCache cache, GeneratedCacheKey key, Object value) {
        replace(cache, key, value);
    }

    @Override
    public void replace(SafeCache cache, GeneratedCacheKey key, Object value) {
        synchronized (overlays) {
            overlay(cache).values.put(key, Optional.of(value));
        }
    }

    @Override
    public void remove(SafeCache cache, GeneratedCacheKey key) {
        synchronized (overlays) {
            overlay(cache).values.put(key, Optional.empty());
        }
    }

    @Override
    public void removeAll(SafeCache cache) {
        synchronized (overlays) {
            Overlay overlay = overlay(cache);
            overlay.values.clear();
            overlay.emptied = true;
        }
    }

    private Overlay overlay(SafeCache cache) {
        return overlays.computeIfAbsent(cache, unknown -> new Overlay());
    }

    /** The transaction has ended: now, or never, the caches change. Never throws. */
    public void ended(Completion completion) {
        Map<SafeCache, Overlay> ended;
        synchronized (overlays) {
            ended = new LinkedHashMap<>(overlays);
            overlays.clear();
        }
        if (completion != Completion.ROLLED_BACK) {
            ended.forEach((cache, overlay) -> apply(cache, overlay, completion == Completion.COMMITTED));
        }
    }

    private void apply(SafeCache cache, Overlay overlay, boolean committed) {
        Map<GeneratedCacheKey, Object> put = new HashMap<>();
        Set<GeneratedCacheKey> removed = new HashSet<>();
        overlay.values.forEach((key, value) -> {
            flights.outdate(cache, key);
            if (committed && value.isPresent()) {
                put.put(key, value.get());
            } else {
                removed.add(key);
            }
        });
        if (overlay.emptied) {
            flights.outdate(cache);
            cache.removeAll();
        } else {
            cache.removeAll(removed);
        }
        cache.replaceAll(put);
    }
}
