package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.internal.cache.CacheCodec;
import io.github.pgqueue.internal.cache.CacheStore;
import io.github.pgqueue.internal.cache.CompositeKeys;
import io.github.pgqueue.internal.cache.JavaSerialization;
import io.github.pgqueue.jcache.MethodCacheKey;
import io.github.pgqueue.jcache.PostgresConfiguration;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * The caches of one URI and class loader in this JVM. Their rows are shared with every manager of the same database
 * schema; the class loader only resolves classes. Makes caches without asking the database. Thread-safe.
 */
public final class PostgresCacheManager implements CacheManager {

    private static final int MAX_NAME_BYTES = 1_000;
    private static final CompositeKeys<MethodCacheKey> METHOD_KEYS =
            new CompositeKeys<>(MethodCacheKey.class, MethodCacheKey::parameters, MethodCacheKey::of);

    private final CachingProvider provider;
    private final URI uri;
    private final ClassLoader loader;
    private final Properties given;
    private final Backend backend;
    private final Runnable onClose;
    private final Map<String, PostgresCache<?, ?>> caches = new TreeMap<>();
    private boolean closed;

    /** Made by the provider. */
    PostgresCacheManager(
            CachingProvider provider,
            URI uri,
            ClassLoader loader,
            Properties given,
            Backend backend,
            Runnable onClose) {
        this.provider = provider;
        this.uri = uri;
        this.loader = loader;
        this.given = given;
        this.backend = backend;
        this.onClose = onClose;
    }

    @Override
    public CachingProvider getCachingProvider() {
        return provider;
    }

    @Override
    public URI getURI() {
        return uri;
    }

    @Override
    public ClassLoader getClassLoader() {
        return loader;
    }

    @Override
    public Properties getProperties() {
        return given;
    }

    @Override
    public synchronized <K, V, C extends Configuration<K, V>> Cache<K, V> createCache(String name, C configuration) {
        ensureOpen();
        Objects.requireNonNull(name, "the name of the cache is null");
        Objects.requireNonNull(configuration, "the configuration of the cache is null");
        if (!configuration.isStoreByValue()) {
            throw new UnsupportedOperationException("cache '" + name + "': store by reference is not supported");
        }
        if (caches.containsKey(name)) {
            throw new CacheException("there is a cache '" + name + "' already");
        }
        if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES || name.indexOf(0) >= 0) {
            InvalidNameException invalid = InvalidNameException.cache(name, MAX_NAME_BYTES);
            throw new CacheException(invalid.getMessage(), invalid);
        }
        PostgresCache<K, V> cache = create(name, configuration);
        caches.put(name, cache);
        backend.start();
        return cache;
    }

    private <K, V> PostgresCache<K, V> create(String name, Configuration<K, V> configuration) {
        CacheConfig settings = CacheSettings.of(name, backend.config(), configuration);
        MutableConfiguration<K, V> copy = copy(configuration, settings.timeToLive());
        CacheCodec codec = new CacheCodec(
                PayloadType.of(copy.getKeyType()),
                valueType(configuration),
                backend.json(),
                serialization(name, settings.serializable()),
                METHOD_KEYS);
        CacheStore store = backend.store(settings.isDurable()).door(name, settings);
        Statistics statistics = new Statistics(store.bound(name, settings));
        Entries<K, V> entries = new Entries<>(name, store, codec, copy, statistics);
        return new PostgresCache<>(this, copy, entries, settings, statistics, backend.threads());
    }

    private static <K, V> MutableConfiguration<K, V> copy(
            Configuration<K, V> configuration, @Nullable Duration timeToLive) {
        MutableConfiguration<K, V> copy;
        if (configuration instanceof CompleteConfiguration<K, V> complete) {
            copy = new MutableConfiguration<>(complete);
        } else {
            copy = new MutableConfiguration<>();
            copy.setTypes(configuration.getKeyType(), configuration.getValueType());
        }
        boolean eternal = copy.getExpiryPolicyFactory().equals(EternalExpiryPolicy.factoryOf());
        if (timeToLive != null && eternal) {
            copy.setExpiryPolicyFactory(ModifiedExpiryPolicy.factoryOf(
                    new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, timeToLive.toMillis())));
        }
        return copy;
    }

    private static PayloadType<?> valueType(Configuration<?, ?> configuration) {
        PayloadType<?> generic =
                configuration instanceof PostgresConfiguration<?, ?> own ? own.getGenericValueType() : null;
        return generic == null ? PayloadType.of(configuration.getValueType()) : generic;
    }

    private @Nullable JavaSerialization serialization(String name, @Nullable Set<String> classes) {
        if (classes == null) {
            return null;
        }
        try {
            return classes.isEmpty() ? null : JavaSerialization.allowing(classes, loader);
        } catch (IllegalArgumentException e) {
            throw Problems.badSetting(
                    "the list of serializable classes of cache '" + name + "'",
                    String.join(", ", classes),
                    "class names and patterns such as com.acme.* are expected",
                    e);
        }
    }

    @Override
    public synchronized <K, V> @Nullable Cache<K, V> getCache(String name, Class<K> keyType, Class<V> valueType) {
        ensureOpen();
        Objects.requireNonNull(name, "the name of the cache is null");
        Objects.requireNonNull(keyType, "the key type is null");
        Objects.requireNonNull(valueType, "the value type is null");
        PostgresCache<?, ?> cache = caches.get(name);
        if (cache == null) {
            return null;
        }
        CompleteConfiguration<?, ?> configuration = cache.configuration();
        checkType(name, "keys", configuration.getKeyType(), keyType);
        checkType(name, "values", configuration.getValueType(), valueType);
        return cast(cache);
    }

    private static void checkType(String name, String what, Class<?> declared, Class<?> asked) {
        if (!declared.equals(asked)) {
            throw new ClassCastException("the " + what + " of cache '" + name + "' were declared as "
                    + declared.getName() + ", not as " + asked.getName());
        }
    }

    @Override
    public synchronized <K, V> @Nullable Cache<K, V> getCache(String name) {
        ensureOpen();
        Objects.requireNonNull(name, "the name of the cache is null");
        PostgresCache<?, ?> cache = caches.get(name);
        return cache == null ? null : cast(cache);
    }

    @SuppressWarnings("unchecked") // JSR-107 leaves it to the caller to name the right types
    private static <K, V> Cache<K, V> cast(PostgresCache<?, ?> cache) {
        return (Cache<K, V>) cache;
    }

    @Override
    public synchronized Iterable<String> getCacheNames() {
        ensureOpen();
        return List.copyOf(caches.keySet());
    }

    /** Removes the rows too, also of a cache that is not open here. */
    @Override
    public void destroyCache(String name) {
        Objects.requireNonNull(name, "the name of the cache is null");
        PostgresCache<?, ?> cache;
        synchronized (this) {
            ensureOpen();
            cache = caches.get(name);
        }
        if (cache != null) {
            cache.removeRows();
            cache.close();
            return;
        }
        CacheConfig settings = backend.config().cache(name);
        try {
            clear(name, backend.store(/* durable= */ false), settings);
            clear(name, backend.store(/* durable= */ true), settings);
        } catch (PgQueueException e) {
            throw new CacheException("cache '" + name + "': " + e.getMessage(), e);
        }
    }

    /** Other nodes may have it open, and are told if they hold copies. */
    private static void clear(String name, CacheStore store, CacheConfig settings) {
        CacheStore.Near telling = store.near(name, settings);
        try {
            store.clear(name);
        } finally {
            telling.close();
        }
    }

    @Override
    public void enableManagement(String name, boolean enabled) {
        PostgresCache<?, ?> cache = open(name);
        if (cache != null) {
            cache.enableManagement(enabled);
        }
    }

    @Override
    public void enableStatistics(String name, boolean enabled) {
        PostgresCache<?, ?> cache = open(name);
        if (cache != null) {
            cache.enableStatistics(enabled);
        }
    }

    private synchronized @Nullable PostgresCache<?, ?> open(String name) {
        ensureOpen();
        return caches.get(Objects.requireNonNull(name, "the name of the cache is null"));
    }

    synchronized void forget(PostgresCache<?, ?> cache) {
        caches.remove(cache.getName(), cache);
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("the cache manager " + uri + " is closed");
        }
    }

    /** Closes the caches too; their rows stay. */
    @Override
    public void close() {
        List<PostgresCache<?, ?>> open;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = List.copyOf(caches.values());
        }
        onClose.run();
        open.forEach(Cache::close);
        backend.close();
    }

    @Override
    public synchronized boolean isClosed() {
        return closed;
    }

    /** Itself, or the PgQueueManager below. */
    @Override
    public <T> T unwrap(Class<T> type) {
        return Unwrapping.unwrap(type, this, backend.manager());
    }
}
