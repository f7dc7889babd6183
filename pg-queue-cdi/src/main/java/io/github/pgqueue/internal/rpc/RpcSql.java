package io.github.pgqueue.internal.rpc;

/** Statements of requests; their answers are written by those of the queue. */
final class RpcSql {

    /** Stores a request and the job that carries it. */
    static final String PUSH_REQUEST = """
            WITH request AS (
                INSERT INTO ${schema}.pg_queue_request (request_id, reply_to, deadline)
                VALUES (?, ?, clock_timestamp() + make_interval(secs => ?))
                RETURNING request_id, deadline
            )
            INSERT INTO ${queue} (payload, headers, run_at, request_id, deadline)
            SELECT ?::jsonb, ?::jsonb, clock_timestamp(), request_id, deadline
            FROM request
            """;

    /** Takes the answers that have come for these requests. */
    static final String COLLECT = """
            DELETE FROM ${schema}.pg_queue_request
            WHERE request_id = ANY (?::uuid[]) AND outcome IS NOT NULL
            RETURNING request_id, outcome, response::text AS response, error_type, error_message
            """;

    /** Gives up requests, so that no answer to them is stored any more. */
    static final String ABANDON = """
            DELETE FROM ${schema}.pg_queue_request
            WHERE request_id = ANY (?::uuid[])
            """;

    /** Removes requests whose caller is gone. */
    static final String CLEANUP = """
            DELETE FROM ${schema}.pg_queue_request
            WHERE deadline < statement_timestamp() - make_interval(secs => ?)
            """;

    private RpcSql() {}
}
