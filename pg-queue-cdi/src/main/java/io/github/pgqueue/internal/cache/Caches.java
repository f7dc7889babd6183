package io.github.pgqueue.internal.cache;

import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Payloads;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The caches of a manager: one object a name, so that all callers of a node share their loads. */
public final class Caches {

    private final CacheStore store;
    private final Payloads payloads;
    private final Map<String, PgCache> caches = new ConcurrentHashMap<>();

    public Caches(Database database, Payloads payloads) {
        this.store = new CacheStore(database);
        this.payloads = payloads;
    }

    public PgCache cache(String name) {
        return caches.computeIfAbsent(name, unknown -> new DefaultPgCache(unknown, store, payloads));
    }

    /** Removes what has expired from every cache. */
    public void sweep() {
        store.sweep(null);
    }
}
