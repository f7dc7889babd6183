package io.github.pgqueue.internal.queue;

/**
 * The statements of the plain lane, in which a job is claimed by a lease that names it with others, and its row is not
 * written. The row stores how many attempts there were before. What an attempt holds is fenced by that number, and by the
 * lease, which must be there and name the job: its token is never given twice, whatever crashes.
 *
 * <p>An attempt that ends in any other way than done takes its job into the row lane, with the number of that attempt.
 * All statements expect {@code READ COMMITTED}: rows that somebody has changed meanwhile are looked at again.
 */
final class LeaseSql {

    /**
     * Claims jobs under one new lease: node, token, how many at most, up to how many of them begin at once, and the length
     * of the lease in seconds. In a transaction of its own, which nobody waits for to be durable.
     */
    static final String CLAIM = """
            SELECT lease_id, id, payload, headers, pushed_at, attempt, failures, max_attempts, leased_until
            FROM ${claim}(?, ?, ?, ?, make_interval(secs => ?))
            """;

    /** Ends a job that is held by this attempt. */
    static final String COMPLETE = """
            DELETE FROM ${queue} AS job
            WHERE job.id = ? AND job.attempt = ? - 1 AND job.run_at IS NULL
              AND EXISTS (SELECT FROM ${lease} AS lease WHERE lease.id = ? AND lease.token = ? AND lease.jobs @> job.id)
            """;

    /** Ends the jobs that are held by these attempts, and tells which. */
    static final String COMPLETE_ALL = """
            DELETE FROM ${queue} AS job
            USING unnest(?::bigint[], ?::integer[], ?::bigint[], ?::uuid[]) AS done(id, attempt, lease, token)
            JOIN ${lease} AS lease ON lease.id = done.lease AND lease.token = done.token AND lease.jobs @> done.id
            WHERE job.id = done.id AND job.attempt = done.attempt - 1 AND job.run_at IS NULL
            RETURNING job.id
            """;

    /** Holds a job that is held by this attempt until the transaction ends. */
    static final String LOCK = """
            SELECT job.id
            FROM ${queue} AS job
            WHERE job.id = ? AND job.attempt = ? - 1 AND job.run_at IS NULL
              AND EXISTS (SELECT FROM ${lease} AS lease WHERE lease.id = ? AND lease.token = ? AND lease.jobs @> job.id)
            FOR UPDATE OF job
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

    /** Gives jobs back that are held by these attempts, and tells which. */
    static final String RELEASE_ALL = """
            UPDATE ${queue} AS job
            SET run_at = clock_timestamp(),
                attempt = job.attempt + 1
            FROM unnest(?::bigint[], ?::integer[], ?::bigint[], ?::uuid[]) AS back(id, attempt, lease, token)
            JOIN ${lease} AS lease ON lease.id = back.lease AND lease.token = back.token AND lease.jobs @> back.id
            WHERE job.id = back.id AND job.attempt = back.attempt - 1 AND job.run_at IS NULL
            RETURNING job.id
            """;

    /**
     * Removes leases none of whose jobs is left in the plain lane, and tells which; the newest is emptied instead, since it
     * is the cursor. To be run after the statements that end the jobs are committed: what an open transaction still holds
     * keeps the lease. A lease that is locked is left alone too.
     */
    static final String CLOSE = """
            WITH newest AS MATERIALIZED (
                SELECT lease.id
                FROM ${lease} AS lease
                ORDER BY lease.id DESC
                LIMIT 1
            ), mine AS MATERIALIZED (
                SELECT lease.id, lease.jobs
                FROM ${lease} AS lease
                JOIN unnest(?::bigint[], ?::uuid[]) AS named(id, token) ON lease.id = named.id AND lease.token = named.token
                ORDER BY lease.id
                FOR UPDATE OF lease SKIP LOCKED
            ), over AS MATERIALIZED (
                SELECT mine.id
                FROM mine
                WHERE NOT EXISTS (
                    SELECT
                    FROM unnest(mine.jobs) AS part
                    JOIN ${queue} AS job ON job.id >= lower(part) AND job.id < upper(part)
                    WHERE job.run_at IS NULL
                )
            ), emptied AS (
                UPDATE ${lease} AS lease
                SET jobs = '{}'
                FROM over
                JOIN newest ON over.id = newest.id
                WHERE lease.id = over.id
            ), gone AS (
                DELETE FROM ${lease} AS lease
                USING over
                JOIN newest ON over.id < newest.id
                WHERE lease.id = over.id
            )
            SELECT id
            FROM over
            """;

    /**
     * Renews leases, by the jobs that are still held under them: their ids, leases and tokens. What a lease has besides and
     * is still in the plain lane is given back, for the answer to the claim was lost, or nobody knows of it any more; what a
     * transaction holds stays with the lease. Tells the named jobs that are lost: their leases are gone or have them no more.
     */
    static final String RENEW = """
            WITH named AS MATERIALIZED (
                SELECT job.id, job.lease, job.token
                FROM unnest(?::bigint[], ?::bigint[], ?::uuid[]) AS job(id, lease, token)
            ), kept AS MATERIALIZED (
                SELECT named.lease, named.token, range_agg(int8range(named.id, named.id, '[]')) AS jobs
                FROM named
                GROUP BY named.lease, named.token
            ), mine AS MATERIALIZED (
                SELECT lease.id, lease.token, lease.jobs, kept.jobs AS kept
                FROM ${lease} AS lease
                JOIN kept ON lease.id = kept.lease AND lease.token = kept.token
                ORDER BY lease.id
                FOR NO KEY UPDATE OF lease
            ), unknown AS MATERIALIZED (
                SELECT job.id, mine.id AS lease
                FROM mine
                CROSS JOIN unnest(mine.jobs - mine.kept) AS part
                JOIN ${queue} AS job ON job.id >= lower(part) AND job.id < upper(part)
                WHERE job.run_at IS NULL
            ), free AS MATERIALIZED (
                SELECT job.id
                FROM ${queue} AS job
                WHERE job.id = ANY (ARRAY (SELECT unknown.id FROM unknown)) AND job.run_at IS NULL
                FOR NO KEY UPDATE OF job SKIP LOCKED
            ), moved AS (
                UPDATE ${queue} AS job
                SET run_at = clock_timestamp(),
                    attempt = job.attempt + 1
                FROM free
                WHERE job.id = free.id
            ), locked AS (
                SELECT unknown.lease, range_agg(int8range(unknown.id, unknown.id, '[]')) AS jobs
                FROM unknown
                WHERE NOT EXISTS (SELECT FROM free WHERE free.id = unknown.id)
                GROUP BY unknown.lease
            ), renewed AS (
                UPDATE ${lease} AS lease
                SET until = clock_timestamp() + make_interval(secs => ?),
                    jobs = mine.jobs * (mine.kept + coalesce(locked.jobs, '{}'))
                FROM mine
                LEFT JOIN locked ON locked.lease = mine.id
                WHERE lease.id = mine.id
            )
            SELECT named.id
            FROM named
            LEFT JOIN mine ON mine.id = named.lease AND mine.token = named.token
            WHERE mine.jobs @> named.id IS NOT TRUE
            """;

    /**
     * Takes the jobs of leases that have ended, and those of a node that is known to be dead if one is named, into the row
     * lane: how many. If all jobs of a lease had begun, their attempts are lost, which the claim there counts. What somebody
     * has locked stays with its lease: how many jobs these are. Leases of which nothing is left are removed.
     */
    static final String TAKE_OVER = """
            WITH newest AS MATERIALIZED (
                SELECT lease.id, lease.oldest
                FROM ${lease} AS lease
                ORDER BY lease.id DESC
                LIMIT 1
            ), ended AS MATERIALIZED (
                SELECT lease.id, lease.jobs, lease.started, lease.node, lease.until
                FROM ${lease} AS lease
                WHERE lease.id >= (SELECT oldest FROM newest)
                  AND (lease.until < statement_timestamp() OR lease.node = ?)
                  AND NOT (isempty(lease.jobs) AND lease.id = (SELECT id FROM newest))
                ORDER BY lease.id
                LIMIT 100
                FOR UPDATE SKIP LOCKED
            ), plain AS MATERIALIZED (
                SELECT job.id, ended.id AS lease, ended.started, ended.node, ended.until
                FROM ended
                CROSS JOIN unnest(ended.jobs) AS part
                JOIN ${queue} AS job ON job.id >= lower(part) AND job.id < upper(part)
                WHERE job.run_at IS NULL
            ), free AS MATERIALIZED (
                SELECT job.id
                FROM ${queue} AS job
                WHERE job.id = ANY (ARRAY (SELECT plain.id FROM plain)) AND job.run_at IS NULL
                FOR NO KEY UPDATE OF job SKIP LOCKED
            ), moved AS (
                UPDATE ${queue} AS job
                SET run_at = clock_timestamp(),
                    attempt = job.attempt + 1,
                    leased_until = CASE WHEN plain.started THEN least(plain.until, statement_timestamp()) END,
                    leased_by = CASE WHEN plain.started THEN plain.node END
                FROM free
                JOIN plain ON plain.id = free.id
                WHERE job.id = free.id
                RETURNING job.id
            ), locked AS MATERIALIZED (
                SELECT plain.lease, range_agg(int8range(plain.id, plain.id, '[]')) AS jobs, count(*) AS many
                FROM plain
                WHERE NOT EXISTS (SELECT FROM free WHERE free.id = plain.id)
                GROUP BY plain.lease
            ), kept AS (
                UPDATE ${lease} AS lease
                SET jobs = coalesce(locked.jobs, '{}')
                FROM ended
                LEFT JOIN locked ON locked.lease = ended.id
                WHERE lease.id = ended.id
                  AND (locked.lease IS NOT NULL OR lease.id = (SELECT id FROM newest))
            ), gone AS (
                DELETE FROM ${lease} AS lease
                USING ended
                WHERE lease.id = ended.id
                  AND lease.id < (SELECT id FROM newest)
                  AND NOT EXISTS (SELECT FROM locked WHERE locked.lease = lease.id)
            )
            SELECT
                (SELECT count(*) FROM moved) AS moved,
                (SELECT coalesce(sum(many), 0) FROM locked) AS locked
            """;

    /**
     * Finds the sessions that hold jobs although their leases ended longer ago than so many seconds: the process id, and the
     * job. A prepared transaction has no session and is left to its recovery.
     */
    static final String HOLDERS = """
            WITH newest AS MATERIALIZED (
                SELECT lease.oldest
                FROM ${lease} AS lease
                ORDER BY lease.id DESC
                LIMIT 1
            ), ended AS MATERIALIZED (
                SELECT lease.jobs
                FROM ${lease} AS lease
                WHERE lease.id >= (SELECT oldest FROM newest)
                  AND lease.until < statement_timestamp() - make_interval(secs => ?)
            )
            SELECT DISTINCT held.pid, job.id
            FROM ended
            CROSS JOIN unnest(ended.jobs) AS part
            JOIN ${queue} AS job ON job.id >= lower(part) AND job.id < upper(part)
            JOIN pg_locks AS held
              ON held.locktype = 'transactionid' AND held.transactionid = job.xmax AND held.mode = 'ExclusiveLock'
            WHERE job.run_at IS NULL AND held.granted AND held.pid IS NOT NULL
            """;

    /**
     * Looks at jobs up to the cursor, from behind an id and so many of them, and takes those in the plain lane that neither a
     * lease nor a gap names into the row lane: how many, and the last id that was looked at, null at the end. There are
     * none, unless rows came with ids of their own, or a restore, a failover or a hand has changed the tables.
     */
    static final String SWEEP = """
            WITH newest AS MATERIALIZED (
                SELECT lease.last_id, lease.oldest, lease.young + lease.old + lease.wide_young + lease.wide_old AS gaps
                FROM ${lease} AS lease
                ORDER BY lease.id DESC
                LIMIT 1
            ), held AS MATERIALIZED (
                SELECT coalesce(range_agg(part), '{}') AS jobs
                FROM newest
                JOIN ${lease} AS lease ON lease.id >= newest.oldest
                CROSS JOIN unnest(lease.jobs) AS part
            ), looked AS MATERIALIZED (
                SELECT job.id, job.run_at
                FROM ${queue} AS job
                WHERE job.id > ? AND job.id <= (SELECT last_id FROM newest)
                ORDER BY job.id
                LIMIT ?
            ), astray AS MATERIALIZED (
                SELECT job.id
                FROM ${queue} AS job
                WHERE job.id = ANY (ARRAY (
                          SELECT looked.id
                          FROM looked, newest, held
                          WHERE looked.run_at IS NULL AND NOT newest.gaps @> looked.id AND NOT held.jobs @> looked.id
                      ))
                  AND job.run_at IS NULL
                FOR NO KEY UPDATE OF job SKIP LOCKED
            ), moved AS (
                UPDATE ${queue} AS job
                SET run_at = clock_timestamp(),
                    attempt = job.attempt + 1
                FROM astray
                WHERE job.id = astray.id
                RETURNING job.id
            )
            SELECT
                (SELECT count(*) FROM moved) AS moved,
                (SELECT max(id) FROM looked) AS last
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
