package io.github.pgqueue.internal.cache;

/** The two tables, of one shape, in which caches live. */
public enum CacheTable {
    /** Without WAL: fast, and empty after a crash of the server. */
    UNLOGGED("pg_queue_cache"),
    /** Survives a crash, as every other table does. */
    DURABLE("pg_queue_cache_durable");

    private final String table;

    CacheTable(String table) {
        this.table = table;
    }

    /** Puts the table's name into a template. */
    String fill(String template) {
        return template.replace("${table}", table);
    }
}
