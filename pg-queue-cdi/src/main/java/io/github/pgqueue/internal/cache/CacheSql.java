package io.github.pgqueue.internal.cache;

/** Statements on the table of the caches. Only the database's clock decides what has expired. */
final class CacheSql {

    static final String GET = """
            SELECT value
            FROM ${schema}.pg_queue_cache
            WHERE cache = ? AND key = ? AND expires_at > statement_timestamp()
            """;

    static final String SET_FOR = """
            INSERT INTO ${schema}.pg_queue_cache (cache, key, value, expires_at)
            VALUES (?, ?, ?, statement_timestamp() + make_interval(secs => ?))
            ON CONFLICT (cache, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
            """;

    static final String SET_UNTIL = """
            INSERT INTO ${schema}.pg_queue_cache (cache, key, value, expires_at)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (cache, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
            """;

    /** Removes a key, and tells whether it had a value. */
    static final String DELETE = """
            DELETE FROM ${schema}.pg_queue_cache
            WHERE cache = ? AND key = ?
            RETURNING expires_at > statement_timestamp() AS live
            """;

    static final String CLEAR = """
            DELETE FROM ${schema}.pg_queue_cache
            WHERE cache = ?
            """;

    /** Removes some of what has expired from one cache, or from all; never waits for a writer. */
    static final String SWEEP = """
            WITH expired AS MATERIALIZED (
                SELECT ctid
                FROM ${schema}.pg_queue_cache
                WHERE expires_at <= statement_timestamp() AND (cache = ?::text OR ?::text IS NULL)
                LIMIT 10000
                FOR UPDATE SKIP LOCKED
            )
            DELETE FROM ${schema}.pg_queue_cache AS entry
            USING expired
            WHERE entry.ctid = expired.ctid
            """;

    private CacheSql() {}
}
