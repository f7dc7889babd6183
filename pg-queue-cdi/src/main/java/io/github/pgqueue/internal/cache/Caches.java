package io.github.pgqueue.internal.cache;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Payloads;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The caches of a manager: one object a name, so that all callers of a node share their loads. */
public final class Caches {

    /** On which nodes tell each other what has changed. */
    public static final String CHANNEL = "pg_queue_cache";

    private static final Logger LOG = System.getLogger("io.github.pgqueue.cache");

    private final CacheStore unlogged;
    private final CacheStore durable;
    private final NearCaches nearUnlogged;
    private final NearCaches nearDurable;
    private final EventHearers hearersUnlogged;
    private final EventHearers hearersDurable;
    private final RefreshThreads refreshThreads;
    private final Underway underway = new Underway();
    private final AtomicBoolean deafnessTold = new AtomicBoolean();
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
        this.hearersUnlogged = new EventHearers(database, CacheTable.UNLOGGED, hear);
        this.hearersDurable = new EventHearers(database, CacheTable.DURABLE, hear);
        this.unlogged = new CacheStore(database, CacheTable.UNLOGGED, nearUnlogged, hearersUnlogged, refreshThreads);
        this.durable = new CacheStore(database, CacheTable.DURABLE, nearDurable, hearersDurable, refreshThreads);
        this.payloads = payloads;
        this.settings = settings;
    }

    public PgCache cache(String name) {
        return caches.computeIfAbsent(name, this::open);
    }

    private PgCache open(String name) {
        CacheConfig config = settings.apply(name);
        CacheStore store = store(config.isDurable() ? CacheTable.DURABLE : CacheTable.UNLOGGED)
                .door(name, config);
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

    /** What others do cannot be heard of; said once in the log, if anybody waits for it. */
    public void cannotHear(String reason) {
        if ((!hearersUnlogged.isEmpty() || !hearersDurable.isEmpty()) && deafnessTold.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "listeners of caches with remote-events hear nothing of what other nodes change: {0}",
                    reason);
        }
    }

    /** What was told on the channel. */
    public void changed(String text) {
        if (!EventNotice.isOne(text)) {
            changed(ChangeNotice.parse(text).orElse(null));
            return;
        }
        Optional<EventNotice> event = EventNotice.parse(text);
        changed(event.map(EventNotice::brief).orElse(null));
        event.ifPresent(hearersUnlogged::changed);
        event.ifPresent(hearersDurable::changed);
    }

    private void changed(@Nullable ChangeNotice notice) {
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
