package io.github.pgqueue.internal.queue;

/** The statements by which nodes tell that they live, and find out who died. */
final class PresenceSql {

    /** Lets the others judge a node by its session lock, which it holds. */
    static final String ARRIVE = """
            INSERT INTO ${schema}.pg_queue_node (node)
            VALUES (?)
            ON CONFLICT (node) DO UPDATE SET since = excluded.since
            """;

    /** Lets nobody judge a node by its session lock any more. */
    static final String LEAVE = """
            DELETE FROM ${schema}.pg_queue_node
            WHERE node = ?
            """;

    /**
     * The nodes whose session lock nobody holds. What registered before the server was last started is not judged: its
     * session ended with the server.
     */
    static final String SUSPECTS = """
            SELECT node
            FROM ${schema}.pg_queue_node
            WHERE since > pg_postmaster_start_time()
              AND pg_try_advisory_xact_lock_shared(hashtextextended(? || node, 0))
            """;

    private PresenceSql() {}
}
