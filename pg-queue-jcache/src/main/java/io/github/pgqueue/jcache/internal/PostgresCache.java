package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.internal.cache.CacheStore;
import io.github.pgqueue.internal.cache.FailOpen;
import io.github.pgqueue.internal.cache.Lifetime;
import io.github.pgqueue.internal.cache.Refreshes;
import io.github.pgqueue.internal.cache.SharedLoads;
import io.github.pgqueue.internal.cache.StoredEntry;
import io.github.pgqueue.internal.cache.StoredRow;
import io.github.pgqueue.internal.cache.StoredValue;
import io.github.pgqueue.internal.cache.Underway;
import io.github.pgqueue.jcache.internal.Change.Kind;
import io.github.pgqueue.jcache.internal.LockedMutations.Decision;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.EventType;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * A cache of JSR-107 over the store. It checks, counts and tells listeners; what happens to an entry is decided by its
 * {@link Mutations}. Thread-safe.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class PostgresCache<K, V> implements Cache<K, V> {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.jcache");
    private static final int PAGE = 100;

    private final PostgresCacheManager manager;
    private final MutableConfiguration<K, V> configuration;
    private final Entries<K, V> entries;
    private final CacheStore store;
    private final String name;
    private final FailOpen failOpen;
    private final Statistics statistics;
    private final Listeners<K, V> listeners;
    private final RemoteEvents<K, V> remoteEvents;
    private final ThreadFactory threads;
    private final Underway underway = new Underway();
    private final Expiry expiry;
    /** What every read gives an entry; null for no change, and where the policy has to be asked. */
    private final @Nullable Lifetime access;

    private final @Nullable CacheLoader<K, V> loader;
    private final @Nullable CacheWriter<? super K, ? super V> writer;
    private final @Nullable StatementMutations<K, V> statements;
    private final LockedMutations<K, V> locked;
    private final LockedMutations<K, V> lockedLoads;
    private final ManagedCache managed;
    private final SharedLoads<ByteBuffer, ReadThrough.Loaded> sharedLoads;
    private final ReadThrough<K, V> loads;
    /** Null if nothing is loaded anew in the background. */
    private final @Nullable Refreshing<K, V> refreshing;

    private final CacheStore.Near near;
    private volatile boolean closed;

    PostgresCache(
            PostgresCacheManager manager,
            MutableConfiguration<K, V> configuration,
            Entries<K, V> entries,
            CacheConfig settings,
            Statistics statistics,
            ThreadFactory threads) {
        this.manager = manager;
        this.configuration = configuration;
        this.entries = entries;
        this.store = entries.store();
        this.name = entries.cache();
        this.failOpen = store.failOpen(name, settings, statistics::failed);
        this.statistics = statistics;
        this.threads = threads;
        this.listeners = new Listeners<>(threads);
        this.remoteEvents = new RemoteEvents<>(this, entries, listeners);
        Factory<ExpiryPolicy> policies = configuration.getExpiryPolicyFactory();
        this.expiry = new Expiry(policies.create());
        this.access = expiry.isConstant() ? expiry.access() : null;
        this.loader = create(configuration.getCacheLoaderFactory());
        this.writer = create(configuration.getCacheWriterFactory());
        this.statements = expiry.fitsIntoAStatement() ? new StatementMutations<>(entries, expiry) : null;
        this.locked = new LockedMutations<>(entries, expiry, configuration.isWriteThrough() ? writer : null);
        this.lockedLoads = new LockedMutations<>(entries, expiry, null);
        configuration.getCacheEntryListenerConfigurations().forEach(listeners::add);
        this.sharedLoads = store.sharedLoads(name, ByteBuffer::array);
        this.loads = new ReadThrough<>(
                entries, failOpen, sharedLoads, (key, value) -> load(key, value, /* replace= */ false));
        this.refreshing = call(() -> openRefreshing(settings));
        this.near = call(() -> openNear(settings));
        this.managed = new ManagedCache(manager.getURI(), name, configuration, statistics);
        enableManagement(configuration.isManagementEnabled());
        enableStatistics(configuration.isStatisticsEnabled());
        remoteEvents.hear();
    }

    private CacheStore.Near openNear(CacheConfig settings) {
        if (settings.isNear() && readsChangeExpiry()) {
            LOG.log(Level.INFO, "no near cache for {0}: reads change when its entries expire", name);
            return () -> {};
        }
        return store.near(name, settings);
    }

    private @Nullable Refreshing<K, V> openRefreshing(CacheConfig settings) {
        Loading<K, V> loading = readThrough();
        if (loading == null || (settings.refreshAhead() == null && settings.staleWhileRevalidate() == null)) {
            return null;
        }
        if (statements == null || access != null) {
            LOG.log(
                    Level.INFO,
                    "nothing is loaded in the background for {0}: reads change when its entries expire",
                    name);
            return null;
        }
        Refreshes<ByteBuffer> refreshes = store.refreshes(name, settings, sharedLoads, underway);
        return refreshes == null
                ? null
                : new Refreshing<>(refreshes, entries, loading, expiry.creation(), this::observe);
    }

    private static <T> @Nullable T create(@Nullable Factory<? extends T> factory) {
        return factory == null ? null : factory.create();
    }

    // Reading

    @Override
    public @Nullable V get(K key) {
        return call(() -> {
            entries.check(key);
            long start = System.nanoTime();
            byte[] bytes = entries.keyBytes(key);
            V value = failOpen.read(() -> Optional.ofNullable(read(key, bytes)), Optional.<V>empty())
                    .orElse(null);
            statistics.got(value != null, start);
            return value != null ? value : missed(key, bytes);
        });
    }

    /** The value of a key; this is an access. */
    private @Nullable V read(K key, byte[] bytes) {
        StoredEntry entry = find(bytes).orElse(null);
        V value = entry == null ? null : entries.valueOrRemove(bytes, entry);
        if (entry != null && value != null) {
            found(key, bytes, entry);
        }
        return value;
    }

    private Optional<StoredEntry> find(byte[] key) {
        if (access != null) {
            return store.getAndTouch(name, key, access);
        }
        if (refreshing != null) {
            return refreshing.get(key);
        }
        return readsChangeExpiry() ? store.getStored(name, key) : store.get(name, key);
    }

    /** A copy, made by another door to these entries, would not know how long reads have let its entry live. */
    private boolean readsChangeExpiry() {
        return !expiry.isConstant() || access != null;
    }

    private void found(K key, byte[] bytes, StoredEntry read) {
        accessed(bytes, read);
        if (refreshing != null) {
            refreshing.read(key, bytes, read);
        }
    }

    /** An entry was read without a new lifetime: a policy of the application may give one. */
    private void accessed(byte[] key, StoredEntry read) {
        Lifetime lifetime = expiry.isConstant() ? null : expiry.access();
        if (lifetime != null) {
            store.touch(name, key, read, lifetime);
        }
    }

    private @Nullable V missed(K key, byte[] bytes) {
        failOpen.store(() -> expire(key, bytes));
        Loading<K, V> loading = readThrough();
        return loading == null ? null : loads.load(key, bytes, loading);
    }

    /** If somebody wants to hear of it, whoever meets an expired entry removes it. */
    private void expire(K key, byte[] bytes) {
        if (listeners.want(EventType.EXPIRED)) {
            store.expire(name, bytes).ifPresent(expired -> publishExpired(key, entries.value(expired)));
        }
    }

    private @Nullable Loading<K, V> readThrough() {
        return loader != null && configuration.isReadThrough() ? new Loading<>(loader) : null;
    }

    @Override
    public Map<K, V> getAll(Set<? extends K> keys) {
        return call(() -> {
            keys.forEach(entries::check);
            long start = System.nanoTime();
            List<K> asked = List.copyOf(keys);
            Map<K, V> values = failOpen.read(() -> readAll(asked), new HashMap<>());
            Set<K> missing = new HashSet<>(asked);
            missing.removeAll(values.keySet());
            statistics.hits(values.size(), start);
            statistics.misses(missing.size(), start);
            Loading<K, V> loading = missing.isEmpty() ? null : readThrough();
            if (loading != null) {
                values.putAll(loads.loadAll(missing, loading));
            }
            return values;
        });
    }

    /** What the database has of a key: neither an access nor counted. */
    public @Nullable V peek(K key) {
        return call(() -> {
            entries.check(key);
            return loads.stored(entries.keyBytes(key))
                    .map(loaded -> entries.value(loaded.value()))
                    .orElse(null);
        });
    }

    /**
     * Lets nodes share what is loaded by somebody else than this cache.
     *
     * @param stored looks for what another node has put
     * @param load loads and puts; is all that is done for a key that cannot be written
     */
    public <R> R loadAmongNodes(K key, Supplier<Optional<R>> stored, Supplier<R> load) {
        ByteBuffer what;
        try {
            what = ByteBuffer.wrap(entries.keyBytes(key));
        } catch (PayloadException e) {
            return load.get();
        }
        return sharedLoads.loadAmongNodes(what, stored, load);
    }

    /** Nobody who comes from now on waits for a load of {@link #loadAmongNodes} that has begun before. */
    public void outdate(K key) {
        try {
            sharedLoads.outdate(ByteBuffer.wrap(entries.keyBytes(key)));
        } catch (PayloadException e) {
            LOG.log(Level.DEBUG, "a key that cannot be written is loaded by nobody: {0}", e.getMessage());
        }
    }

    /** The values of several keys; this is an access. */
    private Map<K, V> readAll(List<K> keys) {
        List<byte[]> bytes = keys.stream().map(entries::keyBytes).toList();
        List<@Nullable StoredEntry> found = findAll(bytes);
        Map<K, V> values = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            StoredEntry entry = found.get(i);
            V value = entry == null ? null : entries.valueOrRemove(bytes.get(i), entry);
            if (entry != null && value != null) {
                values.put(keys.get(i), value);
                found(keys.get(i), bytes.get(i), entry);
            } else {
                expire(keys.get(i), bytes.get(i));
            }
        }
        return values;
    }

    private List<@Nullable StoredEntry> findAll(List<byte[]> keys) {
        if (refreshing != null) {
            return refreshing.getAll(keys);
        }
        return readsChangeExpiry() ? store.getAllStored(name, keys, access) : store.getAll(name, keys);
    }

    @Override
    public boolean containsKey(K key) {
        return call(() -> {
            entries.check(key);
            byte[] bytes = entries.keyBytes(key);
            return failOpen.read(() -> store.contains(name, bytes), false);
        });
    }

    @Override
    public void loadAll(Set<? extends K> keys, boolean replace, @Nullable CompletionListener completion) {
        ensureOpen();
        keys.forEach(entries::check);
        if (loader == null) {
            if (completion != null) {
                completion.onCompletion();
            }
            return;
        }
        Loading<K, V> loading = new Loading<>(loader);
        Set<K> wanted = Set.copyOf(keys);
        Runnable load = () -> loadAll(loading, wanted, replace, completion);
        try {
            threads.newThread(() -> loadUnlessClosed(load, completion)).start();
        } catch (RejectedExecutionException e) {
            rejected(completion, e);
        }
    }

    private void loadUnlessClosed(Runnable load, @Nullable CompletionListener completion) {
        if (!underway.run(load)) {
            rejected(completion, new RejectedExecutionException("the cache is being closed"));
        }
    }

    private static void rejected(@Nullable CompletionListener completion, RejectedExecutionException reason) {
        if (completion != null) {
            completion.onException(reason);
        }
    }

    private void loadAll(Loading<K, V> loading, Set<K> keys, boolean replace, @Nullable CompletionListener completion) {
        try {
            call(() -> {
                if (replace) {
                    loading.loadAll(keys).forEach((key, value) -> {
                        entries.check(key, value);
                        load(key, value, /* replace= */ true);
                    });
                } else {
                    loads.loadAll(keys, loading);
                }
                return true;
            });
        } catch (RuntimeException e) {
            if (completion != null) {
                completion.onException(e);
            }
            return;
        }
        if (completion != null) {
            completion.onCompletion();
        }
    }

    /** Puts what a loader has loaded, of which the writer hears nothing. */
    private void load(K key, V value, boolean replace) {
        StatementMutations<K, V> fast = statements;
        Mutations<K, V> mutations = fast == null || allIsTold() ? lockedLoads : fast;
        observe(key, value, replace ? mutations.put(key, value, wantUpdates()) : mutations.putIfAbsent(key, value));
    }

    // Writing

    @Override
    public void put(K key, V value) {
        call(() -> {
            entries.check(key, value);
            long start = System.nanoTime();
            Change change = mutations().put(key, value, wantUpdates());
            counted(change, start);
            observe(key, value, change);
            return true;
        });
    }

    @Override
    public @Nullable V getAndPut(K key, V value) {
        return call(() -> {
            entries.check(key, value);
            long start = System.nanoTime();
            Change change = mutations().put(key, value, /* wantOld= */ true);
            return got(key, value, change, start);
        });
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> map) {
        call(() -> {
            map.forEach(entries::check);
            if (map.isEmpty()) {
                return true;
            }
            long start = System.nanoTime();
            if (mutations() != statements) {
                locked.putAll(map, (key, change) -> {
                    counted(change, start);
                    observe(key, map.get(key), change);
                });
            } else if (wantUpdates()) {
                map.forEach(this::put);
            } else {
                putAllAtOnce(map);
                statistics.puts(map.size(), start);
            }
            return true;
        });
    }

    /** Different keys may have equal bytes, though not for types of which anybody should make keys. */
    private void putAllAtOnce(Map<? extends K, ? extends V> map) {
        Map<ByteBuffer, StoredValue> rows = new LinkedHashMap<>();
        map.forEach((key, value) -> rows.put(ByteBuffer.wrap(entries.keyBytes(key)), entries.stored(value)));
        store.putAll(
                name,
                rows.keySet().stream().map(ByteBuffer::array).toList(),
                List.copyOf(rows.values()),
                expiry.creation(),
                expiry.renewal());
    }

    @Override
    public boolean putIfAbsent(K key, V value) {
        return call(() -> {
            entries.check(key, value);
            long start = System.nanoTime();
            Change change = mutations().putIfAbsent(key, value);
            decided(key, value, change, start);
            return change.isPut();
        });
    }

    @Override
    public boolean replace(K key, V value) {
        return call(() -> {
            entries.check(key, value);
            long start = System.nanoTime();
            Change change = mutations().replace(key, value, listeners.want(EventType.UPDATED));
            return replaced(key, value, change, start);
        });
    }

    @Override
    public boolean replace(K key, V expected, V value) {
        return call(() -> {
            entries.check(key, expected);
            entries.check(key, value);
            long start = System.nanoTime();
            return replaced(key, value, mutations().replace(key, expected, value), start);
        });
    }

    private boolean replaced(K key, V value, Change change, long start) {
        decided(key, value, change, start);
        return change.isPut();
    }

    @Override
    public @Nullable V getAndReplace(K key, V value) {
        return call(() -> {
            entries.check(key, value);
            long start = System.nanoTime();
            return got(key, value, mutations().replace(key, value, /* wantOld= */ true), start);
        });
    }

    private @Nullable V got(K key, @Nullable V value, Change change, long start) {
        decided(key, value, change, start);
        return entries.value(change.old());
    }

    @Override
    public boolean remove(K key) {
        return call(() -> {
            entries.check(key);
            long start = System.nanoTime();
            Change change = mutations().remove(key);
            counted(change, start);
            observe(key, null, change);
            return change.kind() == Kind.REMOVED;
        });
    }

    @Override
    public boolean remove(K key, V expected) {
        return call(() -> {
            entries.check(key, expected);
            long start = System.nanoTime();
            Change change = mutations().remove(key, expected);
            decided(key, null, change, start);
            return change.kind() == Kind.REMOVED;
        });
    }

    @Override
    public @Nullable V getAndRemove(K key) {
        return call(() -> {
            entries.check(key);
            long start = System.nanoTime();
            return got(key, null, mutations().remove(key), start);
        });
    }

    @Override
    public void removeAll(Set<? extends K> keys) {
        call(() -> {
            keys.forEach(entries::check);
            if (!keys.isEmpty()) {
                removeAll(List.copyOf(keys));
            }
            return true;
        });
    }

    private void removeAll(List<K> keys) {
        long start = System.nanoTime();
        if (writesThrough() || allIsTold()) {
            locked.removeAll(keys, (key, change) -> {
                counted(change, start);
                observe(key, null, change);
            });
            return;
        }
        List<@Nullable StoredValue> removed =
                store.removeAll(name, keys.stream().map(entries::keyBytes).toList());
        statistics.removals(removed.stream().filter(Objects::nonNull).count(), start);
        for (int i = 0; i < keys.size(); i++) {
            observe(keys.get(i), null, Change.removed(removed.get(i)));
        }
    }

    @Override
    public void removeAll() {
        call(() -> {
            long start = System.nanoTime();
            if (writesThrough() || listeners.want(EventType.REMOVED) || allIsTold()) {
                removePages();
            } else {
                statistics.removals(store.clear(name), start);
            }
            return true;
        });
    }

    private void removePages() {
        byte[] after = new byte[0];
        List<StoredRow> page = store.page(name, after, PAGE);
        while (!page.isEmpty()) {
            List<K> keys = new ArrayList<>();
            for (StoredRow row : page) {
                entries.key(row.key()).ifPresent(keys::add);
                after = row.hash();
            }
            if (!keys.isEmpty()) {
                removeAll(keys);
            }
            page = store.page(name, after, PAGE);
        }
    }

    @Override
    public void clear() {
        call(() -> store.clear(name));
    }

    // Entry processors

    @Override
    public <T> T invoke(K key, EntryProcessor<K, V, T> processor, @Nullable Object... arguments) {
        return call(() -> {
            entries.check(key);
            Objects.requireNonNull(processor, "the entry processor is null");
            return new Invocation<T>(key, processor, arguments).run();
        });
    }

    @Override
    public <T> Map<K, EntryProcessorResult<T>> invokeAll(
            Set<? extends K> keys, EntryProcessor<K, V, T> processor, @Nullable Object... arguments) {
        return call(() -> {
            keys.forEach(entries::check);
            Objects.requireNonNull(processor, "the entry processor is null");
            Map<K, EntryProcessorResult<T>> results = new HashMap<>();
            for (K key : keys) {
                try {
                    T result = invoke(key, processor, arguments);
                    if (result != null) {
                        results.put(key, () -> result);
                    }
                } catch (EntryProcessorException e) {
                    results.put(key, () -> {
                        throw e;
                    });
                } catch (CacheException e) {
                    results.put(key, () -> {
                        throw new EntryProcessorException(e);
                    });
                }
            }
            return results;
        });
    }

    /** One call of an entry processor, while its entry is locked. */
    private final class Invocation<T> {

        private final K key;
        private final EntryProcessor<K, V, T> processor;
        private final @Nullable Object[] arguments;
        private final long start = System.nanoTime();
        private @Nullable ProcessorEntry<K, V> entry;
        private @Nullable T result;

        Invocation(K key, EntryProcessor<K, V, T> processor, @Nullable Object[] arguments) {
            this.key = key;
            this.processor = processor;
            this.arguments = arguments;
        }

        @Nullable
        T run() {
            Change change = locked.decide(key, this::decide);
            counted(change, start);
            observe(key, Objects.requireNonNull(entry).current(), change);
            return result;
        }

        private Decision<V> decide(@Nullable V current) {
            statistics.got(current != null, start);
            ProcessorEntry<K, V> mine = new ProcessorEntry<>(key, current, readThrough());
            entry = mine;
            try {
                result = processor.process(mine, arguments);
            } catch (CacheException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new EntryProcessorException(e);
            }
            return mine.decision();
        }
    }

    // Iterating

    @Override
    public Iterator<Entry<K, V>> iterator() {
        ensureOpen();
        return new EntryIterator();
    }

    /** Goes from page to page, without a cursor that would be open meanwhile. Used by one thread. */
    private final class EntryIterator implements Iterator<Entry<K, V>> {

        private final EntryPages<K, V> pages = new EntryPages<>(entries, PAGE);
        private @Nullable K last;

        @Override
        public boolean hasNext() {
            return call(pages::hasNext);
        }

        @Override
        public Entry<K, V> next() {
            return call(() -> {
                long start = System.nanoTime();
                EntryPages.Read<K, V> read = pages.next();
                if (access == null) {
                    accessed(read.row().key(), read.row().entry());
                } else {
                    store.touch(name, read.row().key(), read.row().entry(), access);
                }
                statistics.hits(1, start);
                last = read.entry().key();
                return read.entry();
            });
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException("there is no entry to remove: call next() first, and remove() once");
            }
            PostgresCache.this.remove(last);
            last = null;
        }
    }

    // What an operation means to others

    private Mutations<K, V> mutations() {
        StatementMutations<K, V> fast = statements;
        return fast == null || writesThrough() || allIsTold() ? locked : fast;
    }

    /** Whether somebody wants to hear all that becomes of an entry, what had expired included; maybe on another node. */
    private boolean allIsTold() {
        return store.tells(name) || listeners.want(EventType.EXPIRED);
    }

    private boolean writesThrough() {
        return writer != null && configuration.isWriteThrough();
    }

    private boolean wantUpdates() {
        return listeners.want(EventType.CREATED) || listeners.want(EventType.UPDATED);
    }

    /** An operation whose outcome depended on the entry: whether there was one counts as well. */
    private void decided(K key, @Nullable V value, Change change, long start) {
        statistics.got(change.present(), start);
        counted(change, start);
        observe(key, value, change);
    }

    private void counted(Change change, long start) {
        if (change.isPut()) {
            statistics.puts(1, start);
        } else if (change.kind() == Kind.REMOVED) {
            statistics.removals(1, start);
        }
    }

    private void observe(K key, @Nullable V value, Change change) {
        if (change.expired() != null) {
            publishExpired(key, entries.value(change.expired()));
        }
        switch (change.kind()) {
            case CREATED, LOADED -> publish(EventType.CREATED, key, value, null);
            case UPDATED -> publish(EventType.UPDATED, key, value, change.old());
            case REMOVED -> publish(EventType.REMOVED, key, null, change.old());
            case STILLBORN -> publishExpired(key, value);
            case NONE -> {}
        }
    }

    private void publish(EventType type, K key, @Nullable V value, @Nullable StoredValue old) {
        if (listeners.want(type)) {
            V oldValue = entries.value(old);
            listeners.publish(this, type, key, type == EventType.REMOVED ? oldValue : value, oldValue);
        }
    }

    private void publishExpired(K key, @Nullable V expired) {
        if (listeners.want(EventType.EXPIRED)) {
            listeners.publish(this, EventType.EXPIRED, key, expired, expired);
        }
    }

    /** Runs an operation; what the library throws becomes what JSR-107 prescribes. */
    private <R> R call(Supplier<R> operation) {
        ensureOpen();
        try {
            return operation.get();
        } catch (PgQueueException e) {
            if (e instanceof StorageException) {
                statistics.failed();
            }
            throw new CacheException("cache '" + name + "': " + e.getMessage(), e);
        }
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("cache '" + name + "' is closed");
        }
    }

    // Configuration and life

    @Override
    public String getName() {
        return name;
    }

    @Override
    public CacheManager getCacheManager() {
        return manager;
    }

    @Override
    public <C extends Configuration<K, V>> C getConfiguration(Class<C> type) {
        return Unwrapping.unwrap(type, configuration);
    }

    @Override
    public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
        ensureOpen();
        configuration.addCacheEntryListenerConfiguration(listener);
        listeners.add(listener);
        remoteEvents.hear();
    }

    @Override
    public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
        ensureOpen();
        configuration.removeCacheEntryListenerConfiguration(listener);
        listeners.remove(listener);
    }

    /**
     * Has the cache, if it may hold anything, also hold values of this type as JSON. Methods that share it may return
     * different types.
     */
    public void declareValues(Type type) {
        entries.declareValues(PayloadType.of(type));
    }

    MutableConfiguration<K, V> configuration() {
        return configuration;
    }

    void enableManagement(boolean enabled) {
        configuration.setManagementEnabled(enabled);
        managed.manage(enabled);
    }

    void enableStatistics(boolean enabled) {
        configuration.setStatisticsEnabled(enabled);
        statistics.enable(enabled);
        managed.count(enabled);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        manager.forget(this);
        managed.manage(false);
        managed.count(false);
        underway.end();
        near.close();
        remoteEvents.close();
        listeners.close();
        Closing.close(loader);
        Closing.close(writer);
        expiry.close();
    }

    /** Removes every entry when nothing loads any more; for the end of the cache. */
    void removeRows() {
        underway.end();
        call(() -> store.clear(name));
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /** Itself, or the statistics. */
    @Override
    public <T> T unwrap(Class<T> type) {
        return Unwrapping.unwrap(type, this, statistics);
    }
}
