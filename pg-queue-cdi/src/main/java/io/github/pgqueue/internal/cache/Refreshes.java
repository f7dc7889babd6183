package io.github.pgqueue.internal.cache;

import io.github.pgqueue.internal.jdbc.Text;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Has entries of one cache loaded anew in the background, shortly before they expire, or after it, while reads go on with
 * the old value. Thread-safe.
 *
 * <p>Whoever gets the lease for a key loads it, so one in the cluster; the others do nothing. What is loaded replaces only
 * the very version that was there before the load began, so that a change made meanwhile stays. A key is not tried again
 * within a second, unless it was loaded.
 *
 * @param <K> what is loaded: the key, and whatever else must be the same
 */
public final class Refreshes<K> {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.cache");
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Keys that share a slot wait for each other's pause. */
    private static final int SLOTS = 1 << 10;

    private final CacheStore store;
    private final String cache;
    private final RefreshSettings settings;
    private final SharedLoads<K, ?> loads;
    private final RefreshThreads threads;
    private final Underway underway;
    /** When a key of a slot was last tried, by {@link System#nanoTime}; zero if it need not be waited for. */
    private final AtomicLongArray tries = new AtomicLongArray(SLOTS);

    private final AtomicBoolean failing = new AtomicBoolean();

    /** How a key is loaded, on a thread of the library. */
    @FunctionalInterface
    public interface Loader {

        /** Its new value; null if there is none any more. */
        @Nullable
        StoredValue load();

        /** What was there was replaced, or removed, by what {@link #load} has returned. */
        default void replaced(StoredEntry old) {}
    }

    /**
     * For a cache.
     *
     * @param underway waits for the loads that run
     */
    Refreshes(
            CacheStore store,
            String cache,
            RefreshSettings settings,
            SharedLoads<K, ?> loads,
            RefreshThreads threads,
            Underway underway) {
        this.store = store;
        this.cache = cache;
        this.settings = settings;
        this.loads = loads;
        this.threads = threads;
        this.underway = underway;
    }

    /** The entry, or the one that has expired not too long ago. */
    public Optional<StoredEntry> get(byte[] key) {
        Optional<StoredEntry> live = store.get(cache, key);
        return live.isPresent() || !settings.keepsStale()
                ? live
                : Optional.ofNullable(stale(List.of(key)).get(0));
    }

    /** The same for several keys: one element for each, null where there is none. */
    public List<@Nullable StoredEntry> getAll(List<byte[]> keys) {
        List<@Nullable StoredEntry> found = store.getAll(cache, keys);
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i) == null) {
                missing.add(i);
            }
        }
        if (!missing.isEmpty() && settings.keepsStale()) {
            List<@Nullable StoredEntry> stale =
                    stale(missing.stream().map(keys::get).toList());
            for (int i = 0; i < stale.size(); i++) {
                found.set(missing.get(i), stale.get(i));
            }
        }
        return found;
    }

    private List<@Nullable StoredEntry> stale(List<byte[]> keys) {
        return store.getAllStale(cache, keys, settings.stale());
    }

    /**
     * An entry was read: if it is time, it is loaded anew in the background.
     *
     * @param lifetime how long it will live then
     */
    public void read(K what, byte[] key, StoredEntry entry, Lifetime lifetime, Loader loader) {
        if (!settings.isDue(entry.remaining(), lifetime)) {
            return;
        }
        int slot = (int) (KeyHash.of(key) & (SLOTS - 1));
        long last = tries.get(slot);
        long now = System.nanoTime();
        if ((last == 0 || now - last >= PAUSE_NANOS) && tries.compareAndSet(slot, last, now == 0 ? 1 : now)) {
            start(() -> refresh(what, key, lifetime, loader, slot));
        }
    }

    private void start(Runnable refresh) {
        try {
            threads.execute(() -> {
                boolean unused = underway.run(refresh);
            });
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "an entry of cache {0} is not loaded anew now", cache);
        }
    }

    private void refresh(K what, byte[] key, Lifetime lifetime, Loader loader, int slot) {
        try {
            if (loads.alone(what, () -> replace(key, lifetime, loader))) {
                tries.set(slot, 0);
            }
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** Another node may have loaded it in the meantime. */
    private void replace(byte[] key, Lifetime lifetime, Loader loader) {
        CacheStore.Look look = store.look(cache, key, settings.stale()).orElse(null);
        if (look == null || !settings.isDue(look.entry().remaining(), lifetime)) {
            return;
        }
        StoredValue loaded = loader.load();
        if (put(key, look.version(), loaded, lifetime)) {
            loader.replaced(look.entry());
        }
        failing.set(false);
    }

    private boolean put(byte[] key, CacheStore.Version version, @Nullable StoredValue loaded, Lifetime lifetime) {
        return loaded == null
                ? store.evict(cache, List.of(version)).entries() > 0
                : store.replace(cache, key, version, loaded, lifetime);
    }

    private void failed(Throwable cause) {
        Level level = failing.compareAndSet(false, true) ? Level.WARNING : Level.DEBUG;
        LOG.log(
                level,
                "an entry of cache {0} could not be loaded anew and stays as it is until its end; this is not a warning"
                        + " again before it has worked: {1}",
                cache,
                Text.printable(cause.toString()));
    }
}
