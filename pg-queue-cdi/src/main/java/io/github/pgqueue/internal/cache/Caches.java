package io.github.pgqueue.internal.cache;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Payloads;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The caches of a manager: one object a name, so that all callers of a node share their loads. */
public final class Caches {

    /** On which nodes tell each other what has changed. */
    public static final String CHANNEL = "pg_queue_cache";

    private final CacheStore unlogged;
    private final CacheStore durable;
    private final NearCaches nearUnlogged;
    private final NearCaches nearDurable;
    private final RefreshThreads refreshThreads;
    private final Underway underway = new Underway();
    private final Payloads payloads;
    private final Function<String, CacheConfig> settings;
    private final Map<String, PgCache> caches = new ConcurrentHashMap<>();

    /**
     * Makes the caches of a database.
     *
     * @param settings what is said of a cache of some name
     * @param hear has this node listen to the channel, as soon as that is possible, and then call {@link #listening},
     *     {@link #deaf} and {@link #changed}; may be called any number of times
     * @param threads makes those that load in the background
     */
    public Caches(
            Database database,
            Payloads payloads,
            Function<String, CacheConfig> settings,
            Runnable hear,
            ThreadFactory threads) {
        this.nearUnlogged = new NearCaches(hear);
        this.nearDurable = new NearCaches(hear);
        this.refreshThreads = new RefreshThreads(threads);
        this.unlogged = new CacheStore(database, CacheTable.UNLOGGED, nearUnlogged, refreshThreads);
        this.durable = new CacheStore(database, CacheTable.DURABLE, nearDurable, refreshThreads);
        this.payloads = payloads;
        this.settings = settings;
    }

    public PgCache cache(String name) {
        return caches.computeIfAbsent(name, this::open);
    }

    private PgCache open(String name) {
        CacheConfig config = settings.apply(name);
        CacheStore store = store(config.isDurable() ? CacheTable.DURABLE : CacheTable.UNLOGGED);
        PgCache cache = new DefaultPgCache(name, store, payloads, config, underway);
        LongSupplier unusedCount = store.bound(name, config);
        CacheStore.Near unusedEnd = store.near(name, config);
        return cache;
    }

    /** The entries of all caches in one of the tables. */
    public CacheStore store(CacheTable table) {
        return table == CacheTable.DURABLE ? durable : unlogged;
    }

    /** What is committed from now on will be heard of. */
    public void listening() {
        nearUnlogged.listening();
        nearDurable.listening();
    }

    /** Changes may be missed from now on. */
    public void deaf() {
        nearUnlogged.deaf();
        nearDurable.deaf();
    }

    /** What was told on the channel. */
    public void changed(String text) {
        ChangeNotice notice = ChangeNotice.parse(text).orElse(null);
        nearUnlogged.changed(notice);
        nearDurable.changed(notice);
    }

    /** Removes what has expired from every cache. */
    public void sweep() {
        unlogged.sweep(null);
        durable.sweep(null);
    }

    /** Evicts from every bounded cache that is open here what exceeds its bounds. */
    public void evict() {
        unlogged.evict();
        durable.evict();
    }

    /** From now on, what exceeds a bound is also evicted soon after it was written. */
    public void evictBy(Consumer<Runnable> housekeeping) {
        unlogged.evictBy(housekeeping);
        durable.evictBy(housekeeping);
    }

    /** Loads nothing anew in the background any more, and waits for what is being loaded, ten seconds at most. */
    public void close() {
        refreshThreads.close();
        underway.end();
    }
}
