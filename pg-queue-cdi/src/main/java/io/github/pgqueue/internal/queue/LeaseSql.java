package io.github.pgqueue.internal.queue;

/**
 * The statements of the plain lane, in which a job is claimed by a lease that names it with others, and its row is not
 * written. The row stores how many attempts there were before. What an attempt holds is fenced by that number, and by the
 * lease, which must be there and name the job: its token is never given twice, whatever crashes.
 *
 * <p>An attempt that ends in any other way than done takes its job into the row lane, with the number of that attempt.
 * What is done to many jobs at once are functions of the queue (see V6__leases.sql), whose plans do not depend on how
 * large the tables were when they were made. All expect {@code READ COMMITTED}: rows that somebody has changed meanwhile
 * are looked at again.
 */
final class LeaseSql {

    /**
     * Claims jobs under one new lease: node, token, how many at most, up to how many of them begin at once, and the length
     * of the lease in seconds. In a transaction of its own, which nobody waits for to be durable.
     */
    static final String CLAIM = """
            SELECT lease_id, id, payload, headers, pushed_at, attempt, failures, max_attempts, leased_until
            FROM ${schema}."pg_queue_claim_${name}"(?, ?, ?, ?, make_interval(secs => ?))
            """;

    /** Ends a job that is held by this attempt. */
    static final String COMPLETE = """
            DELETE FROM ${queue} AS job
            WHERE job.id = ? AND job.attempt = ? - 1 AND job.run_at IS NULL
              AND EXISTS (SELECT FROM ${lease} AS lease WHERE lease.id = ? AND lease.token = ? AND lease.jobs @> job.id)
            """;

    /** Ends jobs by the leases that hold them: their ids, their tokens, and the jobs of each; tells which it ended. */
    static final String COMPLETE_ALL = """
            SELECT ids
            FROM ${schema}."pg_queue_complete_${name}"(?::bigint[], ?::uuid[], ?::int8multirange[])
            """;

    /** Puts a job back that the same transaction has completed, as it was. Nobody is to be woken by that. */
    static final String PUT_BACK = """
            INSERT INTO ${queue} (id, payload, headers, pushed_at, attempt, failures, max_attempts)
            VALUES (?, ?::jsonb, ?::jsonb, ?, ? - 1, ?, ?::integer)
            """;

    /** Ends an attempt; the job is ready again later. */
    static final String RETRY = """
            UPDATE ${queue} AS job
            SET run_at = clock_timestamp() + make_interval(secs => ?),
                attempt = job.attempt + 1,
                failures = job.failures + ?,
                last_error = coalesce(?, job.last_error)
            WHERE job.id = ? AND job.attempt = ? - 1 AND job.run_at IS NULL
              AND EXISTS (SELECT FROM ${lease} AS lease WHERE lease.id = ? AND lease.token = ? AND lease.jobs @> job.id)
            """;

    /** Ends an attempt; the job becomes a dead letter. */
    static final String BURY = """
            WITH buried AS (
                DELETE FROM ${queue} AS job
                WHERE job.id = ? AND job.attempt = ? - 1 AND job.run_at IS NULL
                  AND EXISTS (
                      SELECT FROM ${lease} AS lease WHERE lease.id = ? AND lease.token = ? AND lease.jobs @> job.id
                  )
                RETURNING job.id, job.payload, job.headers, job.pushed_at, job.attempt, job.failures, job.max_attempts
            )
            INSERT INTO ${schema}.pg_queue_dead_letter
                (queue, id, payload, headers, pushed_at, attempt, failures, max_attempts, error)
            SELECT ?, id, payload, headers, pushed_at, attempt + 1, failures + 1, max_attempts, ?
            FROM buried
            """;

    /** Gives a job back. Its attempt is not a failure, but its number is used. */
    static final String RELEASE = """
            UPDATE ${queue} AS job
            SET run_at = clock_timestamp(),
                attempt = job.attempt + 1
            WHERE job.id = ? AND job.attempt = ? - 1 AND job.run_at IS NULL
              AND EXISTS (SELECT FROM ${lease} AS lease WHERE lease.id = ? AND lease.token = ? AND lease.jobs @> job.id)
            """;

    /** Gives jobs back in the same way. */
    static final String RELEASE_ALL = """
            SELECT ids
            FROM ${schema}."pg_queue_release_${name}"(?::bigint[], ?::uuid[], ?::int8multirange[])
            """;

    /**
     * Removes leases none of whose jobs is left in the plain lane, by their ids, their tokens, and whether that is known,
     * and tells which. To be run after the statements that end the jobs are committed: what an open transaction still holds
     * keeps the lease. A lease that is locked is left alone too.
     */
    static final String CLOSE = """
            SELECT id
            FROM ${schema}."pg_queue_close_${name}"(?::bigint[], ?::uuid[], ?::boolean[])
            """;

    /**
     * Renews leases for so many seconds, by the jobs that are still held under them: their ids, leases and tokens. What a
     * lease has besides is given back, unless a transaction holds it; a lease without any is named with null for the job.
     * Tells the named jobs that are lost.
     */
    static final String RENEW = """
            SELECT id
            FROM ${schema}."pg_queue_renew_${name}"(?::bigint[], ?::bigint[], ?::uuid[], make_interval(secs => ?))
            """;

    /**
     * Takes the jobs of leases that have ended, and those of a node that is known to be dead if one is named, into the row
     * lane: how many, and how many others somebody has locked. At most a hundred leases at a time.
     */
    static final String TAKE_OVER = """
            SELECT moved, locked
            FROM ${schema}."pg_queue_take_over_${name}"(?::text)
            """;

    /**
     * Ends the sessions of this role that hold jobs although their leases ended longer ago than so many seconds: the
     * process id, and the job. A prepared transaction has no session and is left to its recovery. Whose session it is
     * must be known before it is ended.
     */
    static final String TERMINATE_HOLDERS = """
            WITH held AS MATERIALIZED (
                SELECT holder.pid, holder.id
                FROM ${schema}."pg_queue_holders_${name}"(make_interval(secs => ?)) AS holder
                JOIN pg_stat_activity AS session ON session.pid = holder.pid
                WHERE session.usename = current_user
            )
            SELECT pid, id
            FROM held
            WHERE pg_terminate_backend(pid)
            """;

    /**
     * Looks at jobs up to the cursor, from behind an id and so many of them, and takes those in the plain lane that neither a
     * lease nor a gap names into the row lane: how many, and the last id that was looked at, null at the end.
     */
    static final String SWEEP = """
            SELECT moved, last
            FROM ${schema}."pg_queue_sweep_${name}"(?::bigint, ?::integer)
            """;

    /**
     * Repairs the cursor if the ids of the queue began anew, and tells whether they had. To be run before a sweep. Its
     * parameter is the name of the queue.
     */
    static final String RESET_CURSOR = """
            SELECT ${schema}.pg_queue_reset_cursor(?)
            """;

    private LeaseSql() {}
}
