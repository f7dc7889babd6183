package io.github.pgqueue.jcache.annotation;

import io.github.pgqueue.jcache.annotation.Flights.Flight;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.cache.annotation.GeneratedCacheKey;
import org.jspecify.annotations.Nullable;

/**
 * A call of a method with {@code @CacheResult}.
 *
 * @param changes those of the transaction that the caller is in, each time it is asked
 * @param values null if the cache cannot be found
 * @param exceptions null if there is no such cache
 */
record ResultCaching(
        CachedMethod<?> method,
        Supplier<Changes> changes,
        @Nullable SafeCache values,
        @Nullable SafeCache exceptions,
        GeneratedCacheKey key) {

    /** Looks, and calls the method if it finds nothing; calls are shared if there are flights to share them. */
    Outcome get(AnnotatedCalls.Body body, Flights flights, boolean shared) {
        if (method.attributes().skipGet()) {
            return load(body, Flight.ALONE);
        }
        long landings = flights.landings();
        Changes seen = changes.get();
        Outcome stored = stored(seen);
        if (stored != null) {
            return stored;
        }
        // What a transaction loads is not for others before it commits; nor does it wait while it may hold locks.
        if (values == null || !shared || !(seen instanceof Changes.Immediate)) {
            return load(body, Flight.ALONE);
        }
        return flights.fly(values, key, landings, this::stored, flight -> load(body, flight, values));
    }

    /** Among nodes, unless this one is not to wait for others. */
    private Outcome load(AnnotatedCalls.Body body, Flight flight, SafeCache cache) {
        return flight.isAlone()
                ? load(body, flight)
                : cache.loadAmongNodes(key, () -> Optional.ofNullable(stored()), () -> load(body, flight));
    }

    private @Nullable Outcome stored(Changes seen) {
        return stored(cache -> seen.get(cache, key));
    }

    /** What others have stored since the caller looked. */
    private @Nullable Outcome stored() {
        return stored(cache -> cache.look(key));
    }

    private @Nullable Outcome stored(Function<SafeCache, @Nullable Object> look) {
        Object value = values == null ? null : look.apply(values);
        if (value != null && method.mayReturn(value)) {
            return Outcome.returned(value);
        }
        Object thrown = exceptions == null ? null : look.apply(exceptions);
        return thrown instanceof Throwable t && method.mayThrow(t) ? Outcome.threw(t) : null;
    }

    private Outcome load(AnnotatedCalls.Body body, Flight flight) {
        Outcome outcome = Outcome.of(body);
        if (flight.outdated()) {
            return outcome;
        }
        store(outcome, changes.get());
        if (flight.outdated() && values != null) {
            values.remove(key);
        }
        return outcome;
    }

    private void store(Outcome outcome, Changes target) {
        Throwable thrown = outcome.thrown();
        Object value = outcome.value();
        if (thrown != null) {
            if (exceptions != null && method.attributes().exceptions().accepts(thrown)) {
                target.fill(exceptions, key, thrown);
            }
        } else if (values == null) {
            return;
        } else if (!method.attributes().skipGet()) {
            if (value != null) {
                target.fill(values, key, value);
            }
        } else if (value != null) {
            target.replace(values, key, value);
        } else {
            target.remove(values, key);
        }
    }
}
