package io.github.pgqueue.internal.cache;

import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Payloads;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The caches of a manager: one object a name, so that all callers of a node share their loads. */
public final class Caches {

    private final CacheStore unlogged;
    private final CacheStore durable;
    private final Payloads payloads;
    private final Map<String, PgCache> caches = new ConcurrentHashMap<>();

    public Caches(Database database, Payloads payloads) {
        this.unlogged = new CacheStore(database, CacheTable.UNLOGGED);
        this.durable = new CacheStore(database, CacheTable.DURABLE);
        this.payloads = payloads;
    }

    public PgCache cache(String name) {
        return caches.computeIfAbsent(name, unknown -> new DefaultPgCache(unknown, unlogged, payloads));
    }

    /** The entries of all caches in one of the tables. */
    public CacheStore store(CacheTable table) {
        return table == CacheTable.DURABLE ? durable : unlogged;
    }

    /** Removes what has expired from every cache. */
    public void sweep() {
        unlogged.sweep(null);
        durable.sweep(null);
    }
}
