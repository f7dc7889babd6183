package io.github.pgqueue.internal.cache;

/**
 * Statements on the tables of the caches. Only the database's clock decides what has expired, and a row that has counts
 * as absent. Each is atomic for each key that it touches; those of several keys lock them in the order of their hashes.
 *
 * <p>A lifetime is a number of seconds from now: infinity for ever, null for no change. It is added to a
 * {@code date_part}, a double as it is itself: {@code extract} would make a decimal number first, at a cost for each row.
 *
 * <p>What changes an entry ends with a place where it tells the nodes that hold copies, by its own commit and only if it
 * changed a row: {@code told} is {@link #TELL} there or nothing, {@code and_told} the same after other columns. PostgreSQL
 * sends equal notifications of one transaction once, so that a statement on many rows costs one.
 */
final class CacheSql {

    /** A channel and what is told on it; these parameters come last. */
    static final String TELL = """
            RETURNING pg_notify(?, ?)
            """;

    /** The same where something else is returned too. */
    static final String AND_TELL = """
            , pg_notify(?, ?)
            """;

    static final String GET = """
            SELECT value, codec, expires_at, statement_timestamp() AS now
            FROM ${schema}.${table}
            WHERE cache = ? AND hash = sha256(?) AND expires_at > statement_timestamp()
            """;

    static final String GET_ALL = """
            SELECT given.position, entry.value, entry.codec, entry.expires_at, statement_timestamp() AS now
            FROM unnest(?::bytea[]) WITH ORDINALITY AS given (key, position)
            JOIN ${schema}.${table} AS entry ON entry.cache = ? AND entry.hash = sha256(given.key)
            WHERE entry.expires_at > statement_timestamp()
            """;

    /** What lives, or expired less than some seconds ago: for reads that have it loaded anew, and for nobody else. */
    static final String GET_ALL_STALE = """
            SELECT given.position, entry.value, entry.codec, entry.expires_at, statement_timestamp() AS now
            FROM unnest(?::bytea[]) WITH ORDINALITY AS given (key, position)
            JOIN ${schema}.${table} AS entry ON entry.cache = ? AND entry.hash = sha256(given.key)
            WHERE entry.expires_at > to_timestamp(date_part('epoch', statement_timestamp()) - ?)
            """;

    /** The same of one entry, as it is now: who changes it makes another version of it. */
    static final String LOOK = """
            SELECT hash, key, value, codec, expires_at, xmin::text AS version, statement_timestamp() AS now
            FROM ${schema}.${table}
            WHERE cache = ? AND hash = sha256(?)
              AND expires_at > to_timestamp(date_part('epoch', statement_timestamp()) - ?)
            """;

    /** Replaces this version of an entry, expired or not. */
    static final String REPLACE_VERSION = """
            UPDATE ${schema}.${table}
            SET value = ?, codec = ?, expires_at = to_timestamp(date_part('epoch', statement_timestamp()) + ?)
            WHERE cache = ? AND hash = ? AND xmin::text = ?
            ${told}
            """;

    static final String CONTAINS = """
            SELECT EXISTS (
                SELECT
                FROM ${schema}.${table}
                WHERE cache = ? AND hash = sha256(?) AND expires_at > statement_timestamp()
            ) AS present
            """;

    /** Reads and gives a new lifetime in one. */
    static final String TOUCH = """
            UPDATE ${schema}.${table}
            SET expires_at = coalesce(to_timestamp(date_part('epoch', statement_timestamp()) + ?), expires_at)
            WHERE cache = ? AND hash = sha256(?) AND expires_at > statement_timestamp()
            RETURNING value, codec, expires_at, statement_timestamp() AS now
            """;

    static final String TOUCH_ALL = """
            UPDATE ${schema}.${table} AS entry
            SET expires_at = coalesce(to_timestamp(date_part('epoch', statement_timestamp()) + ?), entry.expires_at)
            FROM (
                SELECT given.position, locked.cache, locked.hash
                FROM unnest(?::bytea[]) WITH ORDINALITY AS given (key, position)
                JOIN ${schema}.${table} AS locked ON locked.cache = ? AND locked.hash = sha256(given.key)
                WHERE locked.expires_at > statement_timestamp()
                ORDER BY locked.hash
                FOR UPDATE OF locked
            ) AS found
            WHERE entry.cache = found.cache AND entry.hash = found.hash
            RETURNING found.position, entry.value, entry.codec, entry.expires_at,
                      statement_timestamp() AS now
            """;

    /** A new lifetime for the entry that was read, unless it has become another one since. */
    static final String TOUCH_READ = """
            UPDATE ${schema}.${table}
            SET expires_at = to_timestamp(date_part('epoch', statement_timestamp()) + ?)
            WHERE cache = ? AND hash = sha256(?) AND expires_at = ?
            """;

    static final String PUT = """
            INSERT INTO ${schema}.${table} AS entry (cache, key, value, codec, expires_at)
            VALUES (?, ?, ?, ?, to_timestamp(date_part('epoch', statement_timestamp()) + ?))
            ON CONFLICT (cache, hash) DO UPDATE
            SET value = excluded.value,
                codec = excluded.codec,
                expires_at = CASE
                    WHEN entry.expires_at <= statement_timestamp() THEN excluded.expires_at
                    ELSE coalesce(to_timestamp(date_part('epoch', statement_timestamp()) + ?), entry.expires_at)
                END
            ${told}
            """;

    static final String PUT_UNTIL = """
            INSERT INTO ${schema}.${table} (cache, key, value, codec, expires_at)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (cache, hash) DO UPDATE
            SET value = excluded.value, codec = excluded.codec, expires_at = excluded.expires_at
            ${told}
            """;

    static final String PUT_ALL = """
            INSERT INTO ${schema}.${table} AS entry (cache, key, value, codec, expires_at)
            SELECT ?, given.key, given.value, given.codec, to_timestamp(date_part('epoch', statement_timestamp()) + ?)
            FROM unnest(?::bytea[], ?::bytea[], ?::smallint[]) AS given (key, value, codec)
            ORDER BY sha256(given.key)
            ON CONFLICT (cache, hash) DO UPDATE
            SET value = excluded.value,
                codec = excluded.codec,
                expires_at = CASE
                    WHEN entry.expires_at <= statement_timestamp() THEN excluded.expires_at
                    ELSE coalesce(to_timestamp(date_part('epoch', statement_timestamp()) + ?), entry.expires_at)
                END
            ${told}
            """;

    /** Gives a row back if it was put. */
    static final String PUT_IF_ABSENT = """
            INSERT INTO ${schema}.${table} AS entry (cache, key, value, codec, expires_at)
            VALUES (?, ?, ?, ?, to_timestamp(date_part('epoch', statement_timestamp()) + ?))
            ON CONFLICT (cache, hash) DO UPDATE
            SET value = excluded.value, codec = excluded.codec, expires_at = excluded.expires_at
            WHERE entry.expires_at <= statement_timestamp()
            RETURNING true AS put${and_told}
            """;

    /** Gives each key back that was put. */
    static final String PUT_ALL_IF_ABSENT = """
            INSERT INTO ${schema}.${table} AS entry (cache, key, value, codec, expires_at)
            SELECT ?, given.key, ?, ?, to_timestamp(date_part('epoch', statement_timestamp()) + ?)
            FROM unnest(?::bytea[]) AS given (key)
            ORDER BY sha256(given.key)
            ON CONFLICT (cache, hash) DO UPDATE
            SET value = excluded.value, codec = excluded.codec, expires_at = excluded.expires_at
            WHERE entry.expires_at <= statement_timestamp()
            RETURNING entry.key
            """;

    /**
     * Gives the row back that was there, or one without a value if there was none. No row at all: another caller has
     * just created the entry, and the statement, which cannot see it yet, is to be repeated. An upsert would not do:
     * what it replaces cannot be had before PostgreSQL 18, and a SELECT beside it may see what another has replaced.
     */
    static final String GET_AND_PUT = """
            WITH given AS MATERIALIZED (
                SELECT ?::bytea AS value
            ), updated AS (
                UPDATE ${schema}.${table} AS entry
                SET value = (SELECT given.value FROM given),
                    codec = ?,
                    expires_at = CASE
                        WHEN found.live
                        THEN coalesce(to_timestamp(date_part('epoch', statement_timestamp()) + ?), found.expires_at)
                        ELSE to_timestamp(date_part('epoch', statement_timestamp()) + ?)
                    END
                FROM (
                    SELECT cache, hash, value, codec, expires_at, expires_at > statement_timestamp() AS live
                    FROM ${schema}.${table}
                    WHERE cache = ? AND hash = sha256(?)
                    FOR UPDATE
                ) AS found
                WHERE entry.cache = found.cache AND entry.hash = found.hash
                RETURNING found.live, found.value, found.codec
            ), inserted AS (
                INSERT INTO ${schema}.${table} (cache, key, value, codec, expires_at)
                SELECT ?, ?, given.value, ?, to_timestamp(date_part('epoch', statement_timestamp()) + ?)
                FROM given
                WHERE NOT EXISTS (SELECT FROM updated)
                ON CONFLICT (cache, hash) DO NOTHING
                RETURNING codec
            )
            SELECT live, value, codec${and_told}
            FROM (
                SELECT live, value, codec
                FROM updated
                UNION ALL
                SELECT false, NULL, codec
                FROM inserted
            ) AS outcome
            """;

    /** Gives the row back that was replaced. */
    static final String GET_AND_REPLACE = """
            UPDATE ${schema}.${table} AS entry
            SET value = ?,
                codec = ?,
                expires_at = coalesce(to_timestamp(date_part('epoch', statement_timestamp()) + ?), found.expires_at)
            FROM (
                SELECT cache, hash, value, codec, expires_at
                FROM ${schema}.${table}
                WHERE cache = ? AND hash = sha256(?) AND expires_at > statement_timestamp()
                FOR UPDATE
            ) AS found
            WHERE entry.cache = found.cache AND entry.hash = found.hash
            RETURNING found.value, found.codec${and_told}
            """;

    static final String REPLACE = """
            UPDATE ${schema}.${table}
            SET value = ?,
                codec = ?,
                expires_at = coalesce(to_timestamp(date_part('epoch', statement_timestamp()) + ?), expires_at)
            WHERE cache = ? AND hash = sha256(?) AND expires_at > statement_timestamp()
            ${told}
            """;

    /** Compares the bytes that were read, and sets. */
    static final String REPLACE_READ = """
            UPDATE ${schema}.${table}
            SET value = ?,
                codec = ?,
                expires_at = coalesce(to_timestamp(date_part('epoch', statement_timestamp()) + ?), expires_at)
            WHERE cache = ? AND hash = sha256(?) AND expires_at > statement_timestamp() AND value = ? AND codec = ?
            ${told}
            """;

    /** Gives the row back that was removed, live or not. */
    static final String REMOVE = """
            DELETE FROM ${schema}.${table}
            WHERE cache = ? AND hash = sha256(?)
            RETURNING value, codec, expires_at > statement_timestamp() AS live${and_told}
            """;

    static final String REMOVE_READ = """
            DELETE FROM ${schema}.${table}
            WHERE cache = ? AND hash = sha256(?) AND expires_at > statement_timestamp() AND value = ? AND codec = ?
            ${told}
            """;

    /** Removes those of some entries that have this value. */
    static final String REMOVE_ALL_READ = """
            DELETE FROM ${schema}.${table} AS entry
            USING (
                SELECT locked.cache, locked.hash
                FROM unnest(?::bytea[]) AS given (key)
                JOIN ${schema}.${table} AS locked ON locked.cache = ? AND locked.hash = sha256(given.key)
                WHERE locked.value = ? AND locked.codec = ?
                ORDER BY locked.hash
                FOR UPDATE OF locked
            ) AS found
            WHERE entry.cache = found.cache AND entry.hash = found.hash
            """;

    static final String REMOVE_ALL = """
            DELETE FROM ${schema}.${table} AS entry
            USING (
                SELECT given.position, locked.cache, locked.hash
                FROM unnest(?::bytea[]) WITH ORDINALITY AS given (key, position)
                JOIN ${schema}.${table} AS locked ON locked.cache = ? AND locked.hash = sha256(given.key)
                ORDER BY locked.hash
                FOR UPDATE OF locked
            ) AS found
            WHERE entry.cache = found.cache AND entry.hash = found.hash
            RETURNING found.position, entry.value, entry.codec, entry.expires_at > statement_timestamp() AS live${and_told}
            """;

    /** Removes an entry that has expired, and gives it back. */
    static final String EXPIRE = """
            DELETE FROM ${schema}.${table}
            WHERE cache = ? AND hash = sha256(?) AND expires_at <= statement_timestamp()
            RETURNING value, codec
            """;

    /** Removes every entry of one cache, and tells how many had not expired. */
    static final String CLEAR = """
            WITH cleared AS (
                DELETE FROM ${schema}.${table} AS entry
                USING (
                    SELECT cache, hash
                    FROM ${schema}.${table}
                    WHERE cache = ?
                    ORDER BY hash
                    FOR UPDATE
                ) AS found
                WHERE entry.cache = found.cache AND entry.hash = found.hash
                RETURNING entry.expires_at > statement_timestamp() AS live
            )
            SELECT count(*) FILTER (WHERE live) AS live${and_told}
            FROM cleared
            """;

    /** The entries after one hash. */
    static final String PAGE = """
            SELECT hash, key, value, codec, expires_at, statement_timestamp() AS now
            FROM ${schema}.${table}
            WHERE cache = ? AND hash > ? AND expires_at > statement_timestamp()
            ORDER BY hash
            LIMIT ?
            """;

    /** Locks an entry until the transaction ends; first step. */
    static final String LOCK = """
            SELECT value, codec, expires_at > statement_timestamp() AS live
            FROM ${schema}.${table}
            WHERE cache = ? AND hash = sha256(?)
            FOR UPDATE
            """;

    /** Makes an absent entry something that can be locked: nobody else sees it, and whoever puts it has to wait. */
    static final String LOCK_ABSENT = """
            INSERT INTO ${schema}.${table} (cache, key, value, codec, expires_at)
            VALUES (?, ?, '', 0, '-infinity')
            ON CONFLICT (cache, hash) DO NOTHING
            """;

    /** Writes an entry that is locked. */
    static final String WRITE = """
            UPDATE ${schema}.${table}
            SET value = ?,
                codec = ?,
                expires_at = coalesce(to_timestamp(date_part('epoch', statement_timestamp()) + ?), expires_at)
            WHERE cache = ? AND hash = sha256(?)
            ${told}
            """;

    /** How many blocks a sweep has to walk. */
    static final String BLOCKS = """
            SELECT pg_relation_size('${schema}.${table}') / current_setting('block_size')::bigint AS blocks
            """;

    /**
     * Removes what has expired in some blocks, from one cache or from all; never waits for a writer. Of some caches, what
     * expired less than some seconds ago is kept.
     */
    static final String SWEEP = """
            WITH expired AS MATERIALIZED (
                SELECT ctid
                FROM ${schema}.${table} AS entry
                WHERE ctid >= ?::tid AND ctid < ?::tid
                  AND expires_at <= statement_timestamp() AND (cache = ?::text OR ?::text IS NULL)
                  AND NOT EXISTS (
                      SELECT
                      FROM unnest(?::text[], ?::float8[]) AS kept (cache, seconds)
                      WHERE kept.cache = entry.cache
                        AND entry.expires_at > to_timestamp(date_part('epoch', statement_timestamp()) - kept.seconds)
                  )
                FOR UPDATE SKIP LOCKED
            )
            DELETE FROM ${schema}.${table} AS entry
            USING expired
            WHERE entry.ctid = expired.ctid
            """;

    /** How much one cache holds, what has expired included. */
    static final String SIZE = """
            SELECT count(*) AS entries,
                   coalesce(sum(octet_length(key) + octet_length(value)), 0)::bigint AS bytes
            FROM ${schema}.${table}
            WHERE cache = ?
            """;

    /** What is to be evicted next, as it is now: who changes such an entry makes another version of it. */
    static final String NEXT_TO_EXPIRE = """
            SELECT hash, key, xmin::text AS version
            FROM ${schema}.${table}
            WHERE cache = ?
            ORDER BY expires_at, age(xmin) DESC
            LIMIT ?
            """;

    /**
     * Removes these versions, as far as nobody is changing them, and gives back how much that was, if anything; never
     * waits.
     */
    static final String EVICT = """
            WITH found AS MATERIALIZED (
                SELECT entry.cache, entry.hash
                FROM unnest(?::bytea[], ?::text[]) AS given (hash, version)
                JOIN ${schema}.${table} AS entry
                  ON entry.cache = ? AND entry.hash = given.hash AND entry.xmin::text = given.version
                ORDER BY entry.hash
                FOR UPDATE OF entry SKIP LOCKED
            ), evicted AS (
                DELETE FROM ${schema}.${table} AS entry
                USING found
                WHERE entry.cache = found.cache AND entry.hash = found.hash
                RETURNING octet_length(entry.key) + octet_length(entry.value) AS size
            )
            SELECT count(*) AS entries, sum(size)::bigint AS bytes${and_told}
            FROM evicted
            HAVING count(*) > 0
            """;

    private CacheSql() {}
}
