package io.github.pgqueue.internal.cache;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.InvalidArgumentException;
import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.internal.jdbc.Payloads;
import io.github.pgqueue.internal.jdbc.Text;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One cache: keys as UTF-8, values as JSON. */
final class DefaultPgCache implements PgCache {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.cache");
    private static final int MAX_NAME_BYTES = 200;
    private static final int MAX_KEY_BYTES = 2_000;
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private final String name;
    private final CacheStore store;
    private final Payloads payloads;
    private final Lifetime timeToLive;
    private final FailOpen failOpen;
    /** By key and type: callers that want another type must not get a value of this one. */
    private final SharedLoads<Load, Object> loads;

    private final @Nullable Refreshes<Load> refreshes;

    private record Load(String key, PayloadType<?> type) {

        byte[] lease() {
            return (key + '\n' + type).getBytes(StandardCharsets.UTF_8);
        }
    }

    DefaultPgCache(String name, CacheStore store, Payloads payloads, CacheConfig config, Underway underway) {
        int bytes = Text.utf8(name).map(utf8 -> utf8.length).orElse(0);
        if (bytes == 0 || bytes > MAX_NAME_BYTES) {
            throw InvalidNameException.cache(name, MAX_NAME_BYTES);
        }
        this.name = name;
        this.store = store;
        this.payloads = payloads;
        this.timeToLive = config.timeToLive() == null ? Lifetime.ETERNAL : Lifetime.of(config.timeToLive());
        this.failOpen = store.failOpen(name, config, () -> {});
        this.loads = store.sharedLoads(name, Load::lease);
        this.refreshes = store.refreshes(name, config, loads, underway);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public <V> Optional<V> get(String key, PayloadType<V> type) {
        byte[] keyBytes = bytes(key);
        return failOpen.<Optional<StoredEntry>>read(() -> store.get(name, keyBytes), Optional.empty())
                .flatMap(entry -> read(entry.value(), type));
    }

    /** What cannot be read, such as the value of another version of a class or of another codec, is a miss. */
    private <V> Optional<V> read(StoredValue value, PayloadType<V> type) {
        if (value.codec() != StoredValue.JSON) {
            return Optional.empty();
        }
        try {
            return Optional.of(payloads.decode(new String(value.bytes(), StandardCharsets.UTF_8), type));
        } catch (PayloadException e) {
            LOG.log(Level.DEBUG, "an entry of cache {0} cannot be read as {1}: a miss", name, type);
            return Optional.empty();
        }
    }

    @Override
    public void set(String key, Object value) {
        set(key, value, timeToLive);
    }

    @Override
    public void set(String key, Object value, Duration duration) {
        set(key, value, Lifetime.of(duration));
    }

    private void set(String key, Object value, Lifetime lifetime) {
        byte[] keyBytes = bytes(key);
        StoredValue stored = encode(value);
        if (lifetime.isZero()) {
            store.remove(name, keyBytes);
        } else {
            store.put(name, keyBytes, stored, lifetime, lifetime);
        }
    }

    @Override
    public void set(String key, Object value, Instant expiresAt) {
        if (expiresAt.isBefore(Instant.EPOCH) || expiresAt.isAfter(LATEST)) {
            throw new InvalidArgumentException(
                    "PGQ3003",
                    "expiresAt is " + expiresAt + ", but must be between " + Instant.EPOCH + " and " + LATEST);
        }
        store.putUntil(name, bytes(key), encode(value), expiresAt);
    }

    @Override
    public <V> V getOrSet(String key, PayloadType<V> type, Supplier<? extends V> loader) {
        return getOrSet(key, type, timeToLive, loader);
    }

    @Override
    public <V> V getOrSet(String key, PayloadType<V> type, Duration duration, Supplier<? extends V> loader) {
        return getOrSet(key, type, Lifetime.of(duration), loader);
    }

    private <V> V getOrSet(String key, PayloadType<V> type, Lifetime lifetime, Supplier<? extends V> loader) {
        byte[] keyBytes = bytes(key);
        Refreshes<Load> refreshing = lifetime.isZero() ? null : refreshes;
        StoredEntry found = failOpen.<Optional<StoredEntry>>read(
                        () -> refreshing == null ? store.get(name, keyBytes) : refreshing.get(keyBytes),
                        Optional.empty())
                .orElse(null);
        Optional<V> cached = found == null ? Optional.empty() : read(found.value(), type);
        if (found != null && cached.isPresent()) {
            if (refreshing != null) {
                refreshing.read(new Load(key, type), keyBytes, found, lifetime, () -> encode(supplied(loader)));
            }
            return cached.get();
        }
        Object loaded = loads.load(
                new Load(key, type),
                () -> failOpen.read(() -> store.getStored(name, keyBytes), Optional.<StoredEntry>empty())
                        .flatMap(entry -> read(entry.value(), type)),
                () -> load(key, lifetime, loader));
        @SuppressWarnings("unchecked") // flights are by type
        V value = (V) loaded;
        return value;
    }

    private <V> Object load(String key, Lifetime lifetime, Supplier<? extends V> loader) {
        V loaded = supplied(loader);
        failOpen.store(() -> set(key, loaded, lifetime));
        return loaded;
    }

    private <V> V supplied(Supplier<? extends V> loader) {
        V loaded = loader.get();
        if (loaded == null) {
            throw new PayloadException(
                    "PGQ5001", "the loader of cache '" + name + "' supplied null; supply an object that says so", null);
        }
        return loaded;
    }

    @Override
    public boolean delete(String key) {
        return store.remove(name, bytes(key)).isPresent();
    }

    @Override
    public void clear() {
        store.clear(name);
    }

    @Override
    public long cleanupExpired() {
        return store.sweep(name);
    }

    private StoredValue encode(Object value) {
        return new StoredValue(payloads.encode(value).getBytes(StandardCharsets.UTF_8), StoredValue.JSON);
    }

    private static byte[] bytes(String key) {
        return Text.utf8(key)
                .filter(bytes -> bytes.length <= MAX_KEY_BYTES)
                .orElseThrow(() -> InvalidNameException.cacheKey(MAX_KEY_BYTES));
    }
}
