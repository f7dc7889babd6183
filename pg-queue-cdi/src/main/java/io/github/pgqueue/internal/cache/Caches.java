package io.github.pgqueue.internal.cache;

import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Payloads;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The caches of a manager: one object a name, so that all callers of a node share their loads. */
public final class Caches {

    /** On which nodes tell each other what has changed. */
    public static final String CHANNEL = "pg_queue_cache";

    private final CacheStore unlogged;
    private final CacheStore durable;
    private final NearCaches nearUnlogged;
    private final NearCaches nearDurable;
    private final Payloads payloads;
    private final Map<String, PgCache> caches = new ConcurrentHashMap<>();

    /**
     * Makes the caches.
     *
     * @param hear has this node listen to the channel, as soon as that is possible, and then call {@link #listening},
     *     {@link #deaf} and {@link #changed}; may be called any number of times
     */
    public Caches(Database database, Payloads payloads, Runnable hear) {
        this.nearUnlogged = new NearCaches(hear);
        this.nearDurable = new NearCaches(hear);
        this.unlogged = new CacheStore(database, CacheTable.UNLOGGED, nearUnlogged);
        this.durable = new CacheStore(database, CacheTable.DURABLE, nearDurable);
        this.payloads = payloads;
    }

    public PgCache cache(String name) {
        return caches.computeIfAbsent(name, unknown -> new DefaultPgCache(unknown, unlogged, payloads));
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
}
