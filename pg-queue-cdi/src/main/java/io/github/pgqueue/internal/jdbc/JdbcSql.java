package io.github.pgqueue.internal.jdbc;

/** Statements on connections themselves. */
final class JdbcSql {

    /** Begins to listen; takes no parameter, so the driver quotes the channel. */
    static final String LISTEN = """
            LISTEN ${channel}
            """;

    /** Stops to listen to one channel. */
    static final String UNLISTEN = """
            UNLISTEN ${channel}
            """;

    /** Sends one notification. */
    static final String NOTIFY = """
            SELECT pg_notify(?, ?)
            """;

    /** Takes the lock of that name for as long as the session lasts, unless somebody has it. */
    static final String TRY_LOCK = """
            SELECT pg_try_advisory_lock(hashtextextended(?, 0)) AS held
            """;

    /** Leaves nothing on a session that goes back to its pool. */
    static final String STOP_LISTENING = """
            UNLISTEN *;
            SELECT pg_advisory_unlock_all()
            """;

    /** Does nothing, and fails in a transaction that was aborted. */
    static final String NOTHING = """
            SELECT
            """;

    /** From here on, a transaction can go on as if nothing had happened. */
    static final String SAVEPOINT = """
            SAVEPOINT pg_queue
            """;

    /** What came since then stays. */
    static final String RELEASE = """
            RELEASE SAVEPOINT pg_queue
            """;

    /** What came since then is undone. */
    static final String ROLLBACK_TO = """
            ROLLBACK TO SAVEPOINT pg_queue;
            RELEASE SAVEPOINT pg_queue
            """;

    /** Begins a transaction of the library's own, on a connection in autocommit mode. */
    static final String BEGIN = """
            BEGIN
            """;

    static final String COMMIT = """
            COMMIT
            """;

    static final String ROLLBACK = """
            ROLLBACK
            """;

    private JdbcSql() {}
}
