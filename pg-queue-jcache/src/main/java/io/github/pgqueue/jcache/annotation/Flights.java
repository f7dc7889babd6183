package io.github.pgqueue.jcache.annotation;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.cache.annotation.GeneratedCacheKey;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers of this node that miss the same key at the same time share one call of the method; nodes share it by the
 * loads of the cache. Thread-safe.
 *
 * <p>Nobody who is himself waited for waits: a thread that loads calls what it misses by itself where another thread
 * already does, so that no circle of waiting can close.
 */
final class Flights {

    private final Map<Destination, Flight> flights = new ConcurrentHashMap<>();
    private final Map<Thread, Integer> leaders = new ConcurrentHashMap<>();
    private final AtomicLong landings = new AtomicLong();

    private record Destination(SafeCache cache, GeneratedCacheKey key) {}

    /** One call of the method that others may wait for. */
    static final class Flight {

        /** Of whoever loads only for itself; nothing outdates it. */
        static final Flight ALONE = new Flight();

        private final CompletableFuture<Outcome> landing = new CompletableFuture<>();
        private volatile boolean outdated;

        private Flight() {}

        /** Whether nobody waits for it. */
        boolean isAlone() {
            return this == ALONE;
        }

        /** Whether the key was changed or removed while the method ran, so that its result must not be stored. */
        boolean outdated() {
            return outdated;
        }
    }

    /** How many flights have ended; whoever sees it unchanged after a miss need not look again. */
    long landings() {
        return landings.get();
    }

    /**
     * Loads, or waits for whoever already does.
     *
     * @param landingsBefore those before the caller looked and missed
     * @param stored looks again; null on a miss
     * @param load calls the method and stores its outcome
     */
    Outcome fly(
            SafeCache cache,
            GeneratedCacheKey key,
            long landingsBefore,
            Supplier<@Nullable Outcome> stored,
            Function<Flight, Outcome> load) {
        Destination destination = new Destination(cache, key);
        Flight mine = new Flight();
        Flight other = flights.putIfAbsent(destination, mine);
        if (other == null) {
            return lead(destination, mine, landingsBefore == landings() ? () -> null : stored, load);
        }
        Outcome outcome = leaders.containsKey(Thread.currentThread()) ? null : await(other);
        if (outcome == null) {
            return load.apply(Flight.ALONE);
        }
        // Not the very object that the other caller got, if the cache keeps values and not references.
        Outcome copy = stored.get();
        return copy == null ? outcome : copy;
    }

    private Outcome lead(
            Destination destination, Flight mine, Supplier<@Nullable Outcome> stored, Function<Flight, Outcome> load) {
        leaders.merge(Thread.currentThread(), 1, Integer::sum);
        try {
            Outcome outcome = stored.get();
            if (outcome == null) {
                outcome = load.apply(mine);
            }
            mine.landing.complete(outcome);
            return outcome;
        } catch (Throwable e) {
            mine.landing.complete(Outcome.threw(e));
            throw e;
        } finally {
            leaders.computeIfPresent(Thread.currentThread(), (thread, depth) -> depth == 1 ? null : depth - 1);
            landings.incrementAndGet();
            flights.remove(destination, mine);
        }
    }

    /** Null if the waiting was interrupted; the thread stays so. */
    private static @Nullable Outcome await(Flight flight) {
        try {
            return flight.landing.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key changes now: nobody joins a call that began before, and its result is not stored. */
    void outdate(SafeCache cache, GeneratedCacheKey key) {
        Flight flight = flights.remove(new Destination(cache, key));
        if (flight != null) {
            flight.outdated = true;
            cache.outdate(key);
        }
    }

    /** The same for all keys of the cache. */
    void outdate(SafeCache cache) {
        flights.forEach((destination, flight) -> {
            if (destination.cache().equals(cache)) {
                outdate(cache, destination.key());
            }
        });
    }
}
