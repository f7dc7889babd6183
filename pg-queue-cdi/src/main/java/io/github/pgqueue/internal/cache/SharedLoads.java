package io.github.pgqueue.internal.cache;

import io.github.pgqueue.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lets callers that miss the same keys of one cache at the same time share one load of each, in the whole cluster.
 * Thread-safe.
 *
 * <p>In a node, the first one leads and the others wait for what it returns or throws. Among nodes, the leader that takes
 * the lease loads, and the others look again and again for what it has put. No connection is held meanwhile.
 *
 * <p>Nobody waits for longer than a lease lasts, so that a loader that hangs or has died costs no more; then, each loads
 * for itself. A thread that loads waits for nobody, and nobody waits while it holds leases, so that no circle of waiting
 * can close.
 *
 * @param <K> what is loaded: the key, and whatever else must be the same
 * @param <V> what is returned
 */
public final class SharedLoads<K, V> {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.cache");
    private static final long FIRST_PAUSE_MILLIS = 2;
    private static final long LONGEST_PAUSE_MILLIS = 100;

    private final Leases<K> leases;
    private final Set<Thread> loading;
    private final Map<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();

    /**
     * Makes one for a cache.
     *
     * @param loading the threads of this node that load for any cache
     */
    SharedLoads(Leases<K> leases, Set<Thread> loading) {
        this.leases = leases;
        this.loading = loading;
    }

    /** Where what is to be loaded comes from. */
    private record Source<K, V>(Function<Set<K>, Map<K, V>> stored, Function<Set<K>, Map<K, V>> load) {

        static <K, V> Source<K, V> of(K what, Supplier<Optional<V>> stored, Supplier<V> load) {
            return new Source<>(
                    looked -> stored.get().map(value -> Map.of(what, value)).orElse(Map.of()),
                    missing -> Map.of(what, load.get()));
        }

        Map<K, V> get(Set<K> whats) {
            Map<K, V> values = new HashMap<>(stored.apply(whats));
            Set<K> missing = new HashSet<>(whats);
            missing.removeAll(values.keySet());
            if (!missing.isEmpty()) {
                values.putAll(load.apply(missing));
            }
            return values;
        }
    }

    /**
     * What is stored, or what the load of some caller returns or throws.
     *
     * @param stored looks into the database
     * @param load loads and stores
     */
    public V load(K what, Supplier<Optional<V>> stored, Supplier<V> load) {
        return Objects.requireNonNull(
                loadAll(Set.of(what), Source.of(what, stored, load)).get(what));
    }

    /**
     * The same for several keys: what nobody else loads is loaded at once.
     *
     * @param stored looks into the database; what it finds
     * @param load loads and stores; returns something for each key
     */
    public Map<K, V> loadAll(Set<K> whats, Function<Set<K>, Map<K, V>> stored, Function<Set<K>, Map<K, V>> load) {
        return loadAll(whats, new Source<>(stored, load));
    }

    /** The same for one key, shared only with other nodes: for callers who share in theirs by themselves. */
    public <R> R loadAmongNodes(K what, Supplier<Optional<R>> stored, Supplier<R> load) {
        Source<K, R> source = Source.of(what, stored, load);
        if (!loading.add(Thread.currentThread())) {
            return Objects.requireNonNull(source.get(Set.of(what)).get(what));
        }
        try {
            return Objects.requireNonNull(withLeases(Set.of(what), source).get(what));
        } finally {
            loading.remove(Thread.currentThread());
        }
    }

    /**
     * Does something as the only one in the cluster who loads this; false, and nothing is done, if somebody does already.
     * Waits for nobody.
     */
    boolean alone(K what, Runnable work) {
        StoredValue token = leases.token();
        Set<K> lease = Set.of(what);
        if (leases.take(lease, token).isEmpty()) {
            return false;
        }
        loading.add(Thread.currentThread());
        try {
            work.run();
            return true;
        } finally {
            loading.remove(Thread.currentThread());
            release(lease, token);
        }
    }

    /** Whoever wants this from now on need not wait for one who loads it already. */
    public void outdate(K what) {
        try {
            leases.end(what);
        } catch (StorageException e) {
            keepsLease(e);
        }
    }

    private Map<K, V> loadAll(Set<K> whats, Source<K, V> source) {
        if (loading.contains(Thread.currentThread())) {
            return source.get(whats);
        }
        Map<K, CompletableFuture<V>> mine = new HashMap<>();
        Map<K, CompletableFuture<V>> others = new HashMap<>();
        for (K what : whats) {
            CompletableFuture<V> flight = new CompletableFuture<>();
            CompletableFuture<V> first = flights.putIfAbsent(what, flight);
            if (first == null) {
                mine.put(what, flight);
            } else {
                others.put(what, first);
            }
        }
        Map<K, V> loaded = lead(mine, source);
        follow(others, source, loaded);
        return loaded;
    }

    private Map<K, V> lead(Map<K, CompletableFuture<V>> mine, Source<K, V> source) {
        if (mine.isEmpty()) {
            return new HashMap<>();
        }
        loading.add(Thread.currentThread());
        try {
            Map<K, V> loaded = withLeases(mine.keySet(), source);
            mine.forEach((what, flight) -> flight.complete(Objects.requireNonNull(loaded.get(what))));
            return loaded;
        } catch (Throwable e) {
            mine.values().forEach(flight -> flight.completeExceptionally(e));
            throw e;
        } finally {
            loading.remove(Thread.currentThread());
            mine.forEach(flights::remove);
        }
    }

    private void follow(Map<K, CompletableFuture<V>> others, Source<K, V> source, Map<K, V> loaded) {
        long end = System.nanoTime() + Leases.DURATION.toNanos();
        Set<K> late = new HashSet<>();
        others.forEach((what, flight) ->
                await(flight, end).ifPresentOrElse(value -> loaded.put(what, value), () -> late.add(what)));
        if (!late.isEmpty()) {
            loaded.putAll(source.get(late));
        }
    }

    /** Empty if that took too long, or the thread was interrupted; it stays so. */
    private Optional<V> await(CompletableFuture<V> flight, long end) {
        try {
            return Optional.of(flight.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
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

    private <R> Map<K, R> withLeases(Set<K> whats, Source<K, R> source) {
        StoredValue token = leases.token();
        Map<K, R> loaded = new HashMap<>();
        Set<K> open = new HashSet<>(whats);
        long end = System.nanoTime() + Leases.DURATION.toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        boolean waits = true;
        while (waits && !open.isEmpty() && System.nanoTime() - end < 0) {
            Set<K> taken;
            try {
                taken = leases.take(open, token);
            } catch (StorageException e) {
                LOG.log(Level.DEBUG, "loading without a lease: {0}", e.getMessage());
                break;
            }
            if (taken.isEmpty()) {
                loaded.putAll(source.stored().apply(Set.copyOf(open)));
                open.removeAll(loaded.keySet());
                waits = open.isEmpty() || rested(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            } else {
                loaded.putAll(holding(taken, token, source));
                open.removeAll(taken);
            }
        }
        if (!open.isEmpty()) {
            loaded.putAll(source.get(open));
        }
        return loaded;
    }

    private <R> Map<K, R> holding(Set<K> taken, StoredValue token, Source<K, R> source) {
        try {
            return source.get(taken);
        } finally {
            release(taken, token);
        }
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

    private void release(Collection<K> held, StoredValue token) {
        try {
            leases.release(held, token);
        } catch (StorageException e) {
            keepsLease(e);
        }
    }

    private static void keepsLease(StorageException e) {
        LOG.log(Level.DEBUG, "a lease for loading lasts until its end: {0}", e.getMessage());
    }
}
