package io.github.pgqueue.internal.cache;

import io.github.pgqueue.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Lets callers that miss the same key of one cache at the same time share one load, in the whole cluster. Thread-safe.
 *
 * <p>In a node, the first one leads and the others wait for what it returns or throws. Among nodes, the leader that puts
 * an entry for it into a cache beside this one holds the lease: it loads, and the others look again and again for
 * what it has put. No connection is held meanwhile.
 *
 * <p>Nobody waits for longer than a lease lasts, so that a loader that hangs or has died costs no more; then, each loads
 * for itself. A thread that loads waits for nobody, so that no circle of waiting can close.
 *
 * @param <K> what is loaded: the key, and whatever else must be the same
 * @param <V> what is returned
 */
public final class SharedLoads<K, V> {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.cache");
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final long FIRST_PAUSE_MILLIS = 2;
    private static final long LONGEST_PAUSE_MILLIS = 100;

    private final CacheStore store;
    private final String leases;
    private final Set<Thread> loading;
    private final Map<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();

    /**
     * Makes one for a cache.
     *
     * @param loading the threads of this node that load for any cache
     */
    SharedLoads(CacheStore store, String cache, Set<Thread> loading) {
        this.store = store;
        this.leases = "pg_queue_load:" + cache;
        this.loading = loading;
    }

    /**
     * What is stored, or what the load of some caller returns or throws.
     *
     * @param what what the callers of this node share
     * @param lease the same as bytes, for callers of other nodes
     * @param stored looks into the database
     * @param load loads and stores
     */
    public V load(K what, byte[] lease, Supplier<Optional<V>> stored, Supplier<V> load) {
        if (loading.contains(Thread.currentThread())) {
            return alone(stored, load);
        }
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> first = flights.putIfAbsent(what, mine);
        return first == null ? lead(what, mine, lease, stored, load) : follow(first, stored, load);
    }

    private static <V> V alone(Supplier<Optional<V>> stored, Supplier<V> load) {
        return stored.get().orElseGet(load);
    }

    private V lead(K what, CompletableFuture<V> mine, byte[] lease, Supplier<Optional<V>> stored, Supplier<V> load) {
        loading.add(Thread.currentThread());
        try {
            V value = withLease(lease, stored, load);
            mine.complete(value);
            return value;
        } catch (Throwable e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            loading.remove(Thread.currentThread());
            flights.remove(what, mine);
        }
    }

    private V follow(CompletableFuture<V> first, Supplier<Optional<V>> stored, Supplier<V> load) {
        try {
            return first.get(LEASE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return alone(stored, load);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return alone(stored, load);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e);
        }
    }

    private V withLease(byte[] lease, Supplier<Optional<V>> stored, Supplier<V> load) {
        StoredValue token =
                new StoredValue(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8), StoredValue.JSON);
        long end = System.nanoTime() + LEASE.toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        while (System.nanoTime() - end < 0) {
            boolean mine;
            try {
                mine = store.putIfAbsent(leases, lease, token, Lifetime.of(LEASE));
            } catch (StorageException e) {
                LOG.log(Level.DEBUG, "loading without a lease: {0}", e.getMessage());
                break;
            }
            if (mine) {
                try {
                    return alone(stored, load);
                } finally {
                    release(lease, token);
                }
            }
            Optional<V> loaded = stored.get();
            if (loaded.isPresent()) {
                return loaded.get();
            }
            if (!rested(pause)) {
                break;
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
        return alone(stored, load);
    }

    /** False if the thread was interrupted; it stays so. */
    private static boolean rested(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void release(byte[] lease, StoredValue token) {
        try {
            store.remove(leases, lease, token);
        } catch (StorageException e) {
            LOG.log(Level.DEBUG, "a lease for loading lasts until its end: {0}", e.getMessage());
        }
    }
}
