package io.github.pgqueue.internal.queue;

/** The statements of a queue. Each is one operation; the claim that is fenced is {@code (id, attempt)}. */
final class QueueSql {

    /** Whether a queue has been created. */
    static final String EXISTS = """
            SELECT EXISTS (SELECT FROM ${schema}.pg_queue_queue WHERE name = ?)
            """;

    /** The queues that have been created. */
    static final String ALL = """
            SELECT name
            FROM ${schema}.pg_queue_queue
            """;

    static final String CREATE_QUEUE = """
            SELECT ${schema}.pg_queue_create_queue(?)
            """;

    static final String DROP_QUEUE = """
            SELECT ${schema}.pg_queue_drop_queue(?)
            """;

    /** Stores a job; the default of {@code pushed_at} wakes a sleeping worker with the commit. */
    static final String PUSH = """
            INSERT INTO ${queue} (payload, headers, run_at, max_attempts)
            VALUES (
                ?::jsonb,
                ?::jsonb,
                coalesce(?::timestamptz, clock_timestamp() + make_interval(secs => ?)),
                ?::integer
            )
            RETURNING id
            """;

    /**
     * Stores a job where the commit must not notify: it would wait for all other commits that do, and a transaction that may
     * be prepared could not commit. With a {@code pushed_at} of its own it is silent, and tells whether a worker may be asleep.
     */
    static final String PUSH_QUIETLY = """
            INSERT INTO ${queue} (payload, headers, run_at, max_attempts, pushed_at)
            VALUES (
                ?::jsonb,
                ?::jsonb,
                coalesce(?::timestamptz, clock_timestamp() + make_interval(secs => ?)),
                ?::integer,
                clock_timestamp()
            )
            RETURNING id, pg_sequence_last_value(${asleep}) IS DISTINCT FROM 1 AS asleep
            """;

    /** Stores a job for each payload, ids in the order of the payloads. */
    static final String PUSH_ALL = """
            INSERT INTO ${queue} (payload, headers, run_at, max_attempts)
            SELECT
                pushed.payload::jsonb,
                ?::jsonb,
                coalesce(?::timestamptz, clock_timestamp() + make_interval(secs => ?)),
                ?::integer
            FROM unnest(?::text[]) WITH ORDINALITY AS pushed(payload, place)
            ORDER BY pushed.place
            RETURNING id
            """;

    /** The same where the commit must not notify. */
    static final String PUSH_ALL_QUIETLY = """
            INSERT INTO ${queue} (payload, headers, run_at, max_attempts, pushed_at)
            SELECT
                pushed.payload::jsonb,
                ?::jsonb,
                coalesce(?::timestamptz, clock_timestamp() + make_interval(secs => ?)),
                ?::integer,
                clock_timestamp()
            FROM unnest(?::text[]) WITH ORDINALITY AS pushed(payload, place)
            ORDER BY pushed.place
            RETURNING id, (SELECT pg_sequence_last_value(${asleep}) IS DISTINCT FROM 1) AS asleep
            """;

    /**
     * Stores jobs that come as rows of text. Each names what the defaults would have to find out for it; the commit does not
     * notify.
     */
    static final String COPY = """
            COPY ${queue} (payload, headers, run_at, max_attempts, pushed_at)
            FROM STDIN (FORMAT text, ENCODING 'UTF8')
            """;

    /** The moments that these rows name. */
    static final String COPY_TIMES = """
            SELECT
                coalesce(?::timestamptz, clock_timestamp() + make_interval(secs => ?)) AS run_at,
                clock_timestamp() AS pushed_at
            """;

    /** Whether a worker may be asleep whom nobody has woken yet. Comes after them, as a look at sleepers must. */
    static final String COPY_ASLEEP = """
            SELECT pg_sequence_last_value(${asleep}) IS DISTINCT FROM 1
               AND current_setting('pg_queue.told_${name}', true) IS DISTINCT FROM 'yes' AS asleep
            """;

    /**
     * Claims jobs: first those whose lease has ended, which counts as a failure and buries those whose budget that
     * spends, which the result tells; then those that have been ready for longest. Concurrent callers skip each other's rows. The ids go through
     * arrays, since the planner takes a LIMIT it cannot see for a tenth of the table, and would join that by reading it.
     */
    static final String POP = """
            WITH lost AS MATERIALIZED (
                SELECT id, failures + 1 >= coalesce(max_attempts, ?) AS spent
                FROM ${queue}
                WHERE leased_until < statement_timestamp()
                  AND (deadline IS NULL OR deadline > statement_timestamp())
                ORDER BY leased_until
                LIMIT ?
                FOR NO KEY UPDATE SKIP LOCKED
            ), buried AS (
                DELETE FROM ${queue}
                WHERE id = ANY (ARRAY (SELECT id FROM lost WHERE spent))
                RETURNING id, payload, headers, run_at, pushed_at, attempt, failures + 1 AS failures, max_attempts,
                          request_id, deadline, leased_until
            ), dead AS (
                INSERT INTO ${schema}.pg_queue_dead_letter
                    (queue, id, payload, headers, pushed_at, attempt, failures, max_attempts, error)
                SELECT ?, id, payload, headers, pushed_at, attempt, failures, max_attempts,
                       'the lease ended: the worker died or hung'
                FROM buried
            ), ready AS MATERIALIZED (
                SELECT id
                FROM ${queue}
                WHERE leased_until IS NULL
                  AND run_at <= statement_timestamp()
                  AND (deadline IS NULL OR deadline > statement_timestamp())
                ORDER BY run_at, id
                LIMIT ? - (SELECT count(*) FROM lost WHERE NOT spent)
                FOR NO KEY UPDATE SKIP LOCKED
            ), claimed AS (
                UPDATE ${queue}
                SET attempt = attempt + 1,
                    failures = failures + CASE WHEN leased_until IS NULL THEN 0 ELSE 1 END,
                    leased_until = clock_timestamp() + make_interval(secs => ?),
                    leased_by = ?
                WHERE id = ANY (ARRAY (SELECT id FROM lost WHERE NOT spent UNION ALL SELECT id FROM ready))
                RETURNING id, payload, headers, run_at, pushed_at, attempt, failures,
                          coalesce(max_attempts, ?) AS max_attempts, request_id, deadline, leased_until
            )
            SELECT id, payload::text AS payload, headers::text AS headers, run_at, pushed_at, attempt, failures,
                   max_attempts, request_id, deadline, leased_until, false AS buried
            FROM claimed
            UNION ALL
            SELECT id, payload::text, NULL, run_at, pushed_at, attempt, failures,
                   coalesce(max_attempts, failures), request_id, deadline, leased_until, true
            FROM buried
            ORDER BY run_at, id
            """;

    /** Ends a job that is held by this attempt. */
    static final String COMPLETE = """
            DELETE FROM ${queue}
            WHERE id = ? AND attempt = ? AND leased_until IS NOT NULL
            """;

    /** Ends the jobs that are held by these attempts, and tells which. */
    static final String COMPLETE_ALL = """
            DELETE FROM ${queue} AS job
            USING unnest(?::bigint[], ?::integer[]) AS done(id, attempt)
            WHERE job.id = done.id AND job.attempt = done.attempt AND job.leased_until IS NOT NULL
            RETURNING job.id
            """;

    /** Ends a request that is held by this attempt, and answers it. */
    static final String COMPLETE_WITH_ANSWER = """
            WITH done AS (
                DELETE FROM ${queue}
                WHERE id = ? AND attempt = ? AND leased_until IS NOT NULL
                RETURNING request_id
            ), answered AS (
                UPDATE ${schema}.pg_queue_request AS request
                SET outcome = ?, response = ?::jsonb, error_type = ?, error_message = ?
                FROM done
                WHERE request.request_id = done.request_id AND request.outcome IS NULL
                RETURNING request.reply_to
            )
            SELECT
                (SELECT count(*) FROM done) AS completed,
                (SELECT reply_to FROM answered) AS reply_to
            """;

    /** Answers a request whose job is ended by another statement of the same transaction, or by hand. */
    static final String ANSWER = """
            UPDATE ${schema}.pg_queue_request
            SET outcome = ?, response = ?::jsonb, error_type = ?, error_message = ?
            WHERE request_id = ? AND outcome IS NULL
            RETURNING reply_to
            """;

    /** Holds a job that is held by this attempt until the transaction ends. */
    static final String LOCK = """
            SELECT id
            FROM ${queue}
            WHERE id = ? AND attempt = ? AND leased_until IS NOT NULL
            FOR UPDATE
            """;

    /** Ends an attempt; the job is ready again later. */
    static final String RETRY = """
            UPDATE ${queue}
            SET leased_until = NULL,
                leased_by = NULL,
                run_at = clock_timestamp() + make_interval(secs => ?),
                failures = failures + ?,
                last_error = coalesce(?, last_error)
            WHERE id = ? AND attempt = ? AND leased_until IS NOT NULL
            """;

    /** Ends an attempt; the job becomes a dead letter. */
    static final String BURY = """
            WITH buried AS (
                DELETE FROM ${queue}
                WHERE id = ? AND attempt = ? AND leased_until IS NOT NULL
                RETURNING id, payload, headers, pushed_at, attempt, failures, max_attempts
            )
            INSERT INTO ${schema}.pg_queue_dead_letter
                (queue, id, payload, headers, pushed_at, attempt, failures, max_attempts, error)
            SELECT ?, id, payload, headers, pushed_at, attempt, failures + 1, max_attempts, ?
            FROM buried
            """;

    /** Gives a job back as if it had not been claimed. */
    static final String RELEASE = """
            UPDATE ${queue}
            SET leased_until = NULL,
                leased_by = NULL
            WHERE id = ? AND attempt = ? AND leased_until IS NOT NULL
            """;

    /** Renews leases and tells which were held. Rows that a transaction of a worker has locked are left alone. */
    static final String RENEW = """
            WITH held AS MATERIALIZED (
                SELECT job.id
                FROM ${queue} AS job
                JOIN unnest(?::bigint[], ?::integer[]) AS mine(id, attempt)
                  ON job.id = mine.id AND job.attempt = mine.attempt
                WHERE job.leased_until IS NOT NULL
                ORDER BY job.id
                FOR NO KEY UPDATE OF job SKIP LOCKED
            )
            UPDATE ${queue} AS job
            SET leased_until = clock_timestamp() + make_interval(secs => ?)
            FROM held
            WHERE job.id = held.id
            RETURNING job.id
            """;

    /** Tells the other nodes that jobs whose rows a transaction of this one has locked are worked for so many seconds more. */
    static final String HOLD = """
            INSERT INTO ${schema}.pg_queue_held (queue, id, until)
            SELECT ?, held.id, clock_timestamp() + make_interval(secs => ?)
            FROM unnest(?::bigint[]) AS held(id)
            ORDER BY held.id
            ON CONFLICT (queue, id) DO UPDATE SET until = excluded.until
            """;

    /**
     * Ends the sessions of this role that hold jobs although their leases ended longer ago than so many seconds, and nobody
     * says that they are still worked: the process id, and the job. A prepared transaction has no session and is left to its
     * recovery. A row that several have locked has a number of another kind in place of a transaction's, which may be that of
     * somebody else: only who has the table locked too can be meant. The sessions are settled before one is ended, since what
     * is checked after that would spare nobody.
     */
    static final String TERMINATE_HOLDERS = """
            WITH held AS MATERIALIZED (
                SELECT holder.pid, job.id
                FROM ${queue} AS job
                JOIN pg_locks AS holder ON holder.transactionid = job.xmax
                JOIN pg_stat_activity AS session ON session.pid = holder.pid
                WHERE job.leased_until < statement_timestamp() - make_interval(secs => ?)
                  AND holder.locktype = 'transactionid' AND holder.mode = 'ExclusiveLock' AND holder.granted
                  AND session.usename = current_user
                  AND session.datname = current_database()
                  AND EXISTS (
                      SELECT
                      FROM pg_locks AS used
                      WHERE used.pid = holder.pid AND used.locktype = 'relation' AND used.relation = job.tableoid
                  )
                  AND NOT EXISTS (
                      SELECT
                      FROM ${schema}.pg_queue_held AS going
                      WHERE going.queue = ? AND going.id = job.id AND going.until > statement_timestamp()
                  )
            )
            SELECT pid, id
            FROM held
            WHERE pg_terminate_backend(pid)
            """;

    /** Removes requests that nobody waits for any more, unless they run. */
    static final String EXPIRE = """
            WITH overdue AS MATERIALIZED (
                SELECT id
                FROM ${queue}
                WHERE deadline < statement_timestamp()
                  AND (leased_until IS NULL OR leased_until < statement_timestamp())
                ORDER BY deadline
                LIMIT 1000
                FOR UPDATE SKIP LOCKED
            )
            DELETE FROM ${queue} AS job
            USING overdue
            WHERE job.id = overdue.id
            """;

    /**
     * Which transactions run: all before the oldest have ended, and none from the newest on had begun. That takes an id for
     * itself, since the end of a snapshot is no bound: transactions that began after the last one that ended are behind it.
     */
    static final String RUNNING = """
            SELECT
                pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest,
                pg_current_xact_id()::text::bigint AS newest
            """;

    /**
     * When the next delayed job, ended lease or look through the wide gaps is due, which transactions run, and whether there
     * are rows that the claim of the plain lane has not come to: a sleeper needs all. What became due within the last second
     * counts too, since it may have come after the claim. What is due for longer is told apart: it is locked, or was committed
     * late.
     */
    static final String LOOK = """
            SELECT
                extract(epoch FROM least(
                    (
                        SELECT min(run_at)
                        FROM ${queue}
                        WHERE leased_until IS NULL
                          AND run_at > statement_timestamp() - interval '1 second'
                          AND (deadline IS NULL OR deadline > statement_timestamp())
                    ),
                    (
                        SELECT min(leased_until)
                        FROM ${queue}
                        WHERE leased_until > statement_timestamp() - interval '1 second'
                          AND (deadline IS NULL OR deadline > statement_timestamp())
                    ),
                    (
                        SELECT min(until)
                        FROM ${lease}
                        WHERE id >= (SELECT oldest FROM ${lease} ORDER BY id DESC LIMIT 1)
                          AND until > statement_timestamp() - interval '1 second'
                          AND NOT isempty(jobs)
                    ),
                    (
                        SELECT CASE
                            WHEN isempty(wide_young + wide_old) THEN NULL
                            WHEN look_from IS NULL THEN greatest(look_at, statement_timestamp())
                            ELSE statement_timestamp()
                        END
                        FROM ${lease}
                        ORDER BY id DESC
                        LIMIT 1
                    )
                ) - clock_timestamp())::double precision AS due,
                least(
                    (
                        SELECT min(run_at)
                        FROM ${queue}
                        WHERE leased_until IS NULL
                          AND run_at IS NOT NULL
                          AND (deadline IS NULL OR deadline > statement_timestamp())
                    ),
                    (
                        SELECT min(leased_until)
                        FROM ${queue}
                        WHERE leased_until IS NOT NULL
                          AND (deadline IS NULL OR deadline > statement_timestamp())
                    ),
                    (
                        SELECT min(until)
                        FROM ${lease}
                        WHERE id >= (SELECT oldest FROM ${lease} ORDER BY id DESC LIMIT 1)
                          AND NOT isempty(jobs)
                    )
                ) <= statement_timestamp() - interval '1 second' AS overdue,
                EXISTS (
                    SELECT
                    FROM ${queue}
                    WHERE id > (SELECT last_id FROM ${lease} ORDER BY id DESC LIMIT 1)
                ) AS ready,
                pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest
            """;

    /** Ends the leases of a node, but those of jobs that somebody has locked. */
    static final String END_LEASES = """
            UPDATE ${queue}
            SET leased_until = statement_timestamp() - interval '1 ms'
            WHERE id = ANY (ARRAY (
                SELECT id
                FROM ${queue}
                WHERE leased_until >= statement_timestamp() AND leased_by = ?
                FOR NO KEY UPDATE SKIP LOCKED
            ))
            """;

    /** Tells producers that somebody sleeps here. */
    static final String SLEEP = """
            SELECT ${schema}.pg_queue_sleep(?, ?, make_interval(secs => ?))
            """;

    /** Removes the registrations of nodes that died asleep. */
    static final String FORGET_SLEEPERS = """
            DELETE FROM ${schema}.pg_queue_sleeper
            WHERE until < statement_timestamp() - interval '1 hour'
            """;

    /** Forgets the jobs that dead workers held, or that are done. */
    static final String FORGET_HELD = """
            DELETE FROM ${schema}.pg_queue_held
            WHERE until < statement_timestamp() - interval '1 hour'
            """;

    /** Tells producers that nobody sleeps here any more. */
    static final String WAKE = """
            SELECT ${schema}.pg_queue_awake(?, ?)
            """;

    /** How many jobs nobody holds. */
    static final String PENDING_COUNT = """
            WITH held AS MATERIALIZED (
                SELECT coalesce(range_agg(part), '{}') AS jobs
                FROM ${lease} AS lease
                CROSS JOIN unnest(lease.jobs) AS part
                WHERE lease.id >= (SELECT oldest FROM ${lease} ORDER BY id DESC LIMIT 1)
            )
            SELECT count(*)
            FROM ${queue} AS job
            WHERE job.leased_until IS NULL
              AND NOT (job.run_at IS NULL AND (SELECT jobs FROM held) @> job.id)
            """;

    /** Jobs by what can be done with them; a lease that has ended holds nothing. */
    static final String STATS = """
            WITH held AS MATERIALIZED (
                SELECT coalesce(range_agg(part), '{}') AS jobs
                FROM ${lease} AS lease
                CROSS JOIN unnest(lease.jobs) AS part
                WHERE lease.id >= (SELECT oldest FROM ${lease} ORDER BY id DESC LIMIT 1)
                  AND lease.until > statement_timestamp()
            ), seen AS (
                SELECT
                    coalesce(job.leased_until, job.run_at, job.pushed_at) AS ready_at,
                    coalesce(job.leased_until, job.run_at) > statement_timestamp() AS later,
                    job.leased_until IS NULL AS unleased,
                    job.run_at IS NULL AND (SELECT jobs FROM held) @> job.id AS held
                FROM ${queue} AS job
            )
            SELECT
                count(*) FILTER (WHERE NOT held AND later IS NOT TRUE) AS ready,
                count(*) FILTER (WHERE later AND unleased) AS scheduled,
                count(*) FILTER (WHERE held OR later AND NOT unleased) AS running,
                (SELECT count(*) FROM ${schema}.pg_queue_dead_letter WHERE queue = ?) AS dead,
                extract(epoch FROM statement_timestamp() - min(ready_at)
                    FILTER (WHERE NOT held AND later IS NOT TRUE))::double precision AS oldest_ready
            FROM seen
            """;

    private QueueSql() {}
}
