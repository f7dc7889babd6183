package io.github.pgqueue.internal.cache;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.internal.cache.Bounds.Stored;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps the caches of one table within their bounds. Thread-safe.
 *
 * <p>Who writes only counts. The looking and evicting is done on the thread of the housekeeping: regularly, and soon after
 * a node has written a tenth of a bound. What expires first goes first, and of what expires together, or never, what was
 * written first, as far as its transaction tells: with a time to live since the last write, or since the last access, that
 * is the oldest or the least recently used one. No index is kept for this order, which would cost every write; a look
 * reads the entries of the cache.
 */
final class Evictions {

    /** As many as are looked for at once. */
    private static final int LOOK = 10_000;
    /**
     * As many as are locked at once, for whose removal a writer waits that wants one of them, and as can be told one by
     * one.
     */
    private static final int BATCH = ChangeNotice.MAX_KEYS;

    private final CacheStore store;
    private final Map<String, Bounds> bounded = new ConcurrentHashMap<>();
    private volatile Consumer<Runnable> housekeeping = nobody -> {};

    Evictions(CacheStore store) {
        this.store = store;
    }

    /** Where looks that are due are done; nowhere so far. */
    void doneBy(Consumer<Runnable> value) {
        this.housekeeping = value;
    }

    /** Bounds a cache from now on, or no longer; tells how many entries this node evicted. */
    LongSupplier bound(String cache, CacheConfig config) {
        Bounds bounds = Bounds.of(config);
        if (!bounds.limit()) {
            bounded.remove(cache);
            return bounds::evictions;
        }
        Bounds kept = bounded.compute(cache, (name, known) -> bounds.sameAs(known) ? known : bounds);
        return kept::evictions;
    }

    /** Entries of a cache were written. */
    void wrote(String cache, long entries, long bytes) {
        Bounds bounds = bounded.get(cache);
        if (bounds != null && bounds.wrote(entries, bytes)) {
            housekeeping.accept(() -> evict(cache, bounds));
        }
    }

    /** Looks at every cache. */
    void evict() {
        bounded.forEach(this::evict);
    }

    private void evict(String cache, Bounds bounds) {
        bounds.look();
        Stored stored = store.size(cache);
        long excess = bounds.excess(stored);
        while (excess > 0) {
            Stored before = stored;
            List<CacheStore.Version> next = store.nextToExpire(cache, (int) Math.min(excess, LOOK));
            for (int from = 0; from < next.size() && bounds.excess(stored) > 0; from += BATCH) {
                Stored evicted = store.evict(cache, next.subList(from, Math.min(from + BATCH, next.size())));
                bounds.evicted(evicted.entries());
                stored = stored.minus(evicted);
            }
            // What is being written is left alone; if that is all there is, the next look finds it.
            excess = stored.equals(before) ? 0 : bounds.excess(stored);
        }
    }
}
