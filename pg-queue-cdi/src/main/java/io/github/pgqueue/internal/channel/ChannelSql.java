package io.github.pgqueue.internal.channel;

/** Statements for signals, and for those who sleep until one comes. */
final class ChannelSql {

    /** Sends a signal: with the commit of the transaction, if there is one. */
    static final String PUBLISH = """
            SELECT pg_notify(?, ?)
            """;

    /** Stores a payload that NOTIFY refuses, and sends its reference. */
    static final String PUBLISH_REFERENCE = """
            WITH stored AS (
                INSERT INTO ${schema}.pg_queue_signal (payload)
                VALUES (?)
                RETURNING id
            )
            SELECT pg_notify(?, 'pg_queue:ref:' || id)
            FROM stored
            """;

    /** What a reference stands for. */
    static final String DEREFERENCE = """
            SELECT payload
            FROM ${schema}.pg_queue_signal
            WHERE id = ?::uuid
            """;

    /** Removes payloads that nobody can wait for any more. */
    static final String PURGE = """
            DELETE FROM ${schema}.pg_queue_signal
            WHERE published_at < statement_timestamp() - interval '1 hour'
            """;

    /** Wakes the sleeping workers of queues whose pushes have been committed. */
    static final String WAKE = """
            SELECT pg_notify(woken.channel, '')
            FROM unnest(?::text[], ?::text[]) AS woken(queue, channel)
            WHERE EXISTS (
                SELECT
                FROM ${schema}.pg_queue_sleeper AS sleeper
                WHERE sleeper.queue = woken.queue AND sleeper.until > statement_timestamp()
            )
            """;

    private ChannelSql() {}
}
