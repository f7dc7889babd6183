package io.github.pgqueue.it.soak;

/** The statements of the soak. */
final class SoakSql {

    /**
     * What was pushed, in the transaction of the push; which attempts of leased jobs were started; what came of it, in the
     * transaction of the worker if it has one; and which attempt ended each job, at the end of the transaction that did it,
     * and whether its effect was there by then. A job that its transaction has taken and put back was not ended.
     */
    static final String CREATE = """
            CREATE TABLE pushed (
                key        text PRIMARY KEY,
                prepared   boolean NOT NULL,
                delayed    boolean NOT NULL,
                written_at timestamptz NOT NULL DEFAULT clock_timestamp()
            );
            CREATE TABLE started (
                key        text NOT NULL,
                attempt    integer NOT NULL,
                started_at timestamptz NOT NULL DEFAULT clock_timestamp()
            );
            CREATE TABLE effect (
                queue      text NOT NULL,
                key        text NOT NULL,
                attempt    integer NOT NULL
            );
            CREATE INDEX effect_key ON effect (key);
            CREATE TABLE ended (
                queue      text NOT NULL,
                key        text NOT NULL,
                attempt    integer NOT NULL,
                worked     boolean NOT NULL
            );
            CREATE FUNCTION write_end() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
            DECLARE
                job_key     text := OLD.payload #>> '{}';
                -- The row of a plain job counts the attempts before the one that holds it.
                job_attempt integer := OLD.attempt + CASE WHEN OLD.run_at IS NULL THEN 1 ELSE 0 END;
                put_back    boolean;
            BEGIN
                EXECUTE format('SELECT EXISTS (SELECT FROM queue_%s WHERE id = $1)', TG_ARGV[0])
                    INTO put_back USING OLD.id;
                IF put_back THEN
                    RETURN NULL;
                END IF;
                INSERT INTO ended (queue, key, attempt, worked)
                VALUES (TG_ARGV[0], job_key, job_attempt, EXISTS (
                    SELECT FROM effect AS e WHERE e.queue = TG_ARGV[0] AND e.key = job_key AND e.attempt = job_attempt
                ));
                RETURN NULL;
            END
            $$
            """;

    /** Has a trigger write down how the jobs of a queue end. */
    static final String WATCH = """
            CREATE CONSTRAINT TRIGGER write_end AFTER DELETE ON queue_%1$s DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION write_end('%1$s')
            """;

    static final String WRITE_PUSHED = """
            INSERT INTO pushed (key, prepared, delayed)
            SELECT written.key, ?, ?
            FROM unnest(?::text[]) AS written(key)
            """;

    static final String WRITE_START = """
            INSERT INTO started (key, attempt)
            VALUES (?, ?)
            """;

    static final String WRITE_EFFECT = """
            INSERT INTO effect (queue, key, attempt)
            VALUES (?, ?, ?)
            """;

    /** Pushes with nothing of the library: the payload, and the delay in seconds or null. */
    static final String INSERT = """
            INSERT INTO queue_%s (payload, run_at)
            VALUES (to_jsonb(?::text), clock_timestamp() + make_interval(secs => ?))
            """;

    /** Pushes by the function for SQL: the queue, the payload, and the delay in seconds or null. */
    static final String PUSH = """
            SELECT pg_queue_push(?, to_jsonb(?::text), delay => make_interval(secs => ?))
            """;

    /** PREPARE TRANSACTION refuses a transaction that has notified: it is as if this one had done so. */
    static final String BE_QUIET = """
            SET LOCAL pg_queue.told_%s = 'yes'
            """;

    /** The control: ends a job by its id, whoever holds it. */
    static final String COMPLETE_UNFENCED = """
            DELETE FROM queue_by_hand
            WHERE id = ?
            """;

    /** The control: takes what comes after the highest id that was seen, whatever is committed below it later. */
    static final String READ_ON = """
            SELECT id, payload #>> '{}' AS key
            FROM queue_by_hand
            WHERE id > ?
            ORDER BY id
            LIMIT 20
            """;

    /** Pushes one job after all others. */
    static final String PUSH_LAST = """
            WITH last AS (
                INSERT INTO pushed (key, prepared, delayed)
                VALUES ('last', false, false)
                RETURNING to_jsonb(key) AS payload
            )
            INSERT INTO queue_by_hand (payload)
            SELECT payload
            FROM last
            """;

    static final String LAST_EFFECTS = """
            SELECT count(*)
            FROM effect
            WHERE key = 'last'
            """;

    /** Ends some session, one that is in a transaction if there is any: who works or pushes just now. */
    static final String TERMINATE = """
            SELECT pg_terminate_backend(pid)
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            ORDER BY (state = 'idle' AND random() < 0.8), random()
            LIMIT 2
            """;

    /** The prepared transactions that have been left alone for as long as their names say. */
    static final String DUE = """
            SELECT gid
            FROM pg_prepared_xacts
            WHERE database = current_database()
              AND prepared < clock_timestamp() - make_interval(secs => split_part(gid, '/', 2)::float)
            """;

    static final String PREPARED = """
            SELECT count(*)
            FROM pg_prepared_xacts
            WHERE database = current_database()
            """;

    static final String PUSHED = """
            SELECT key
            FROM pushed
            """;

    static final String EFFECTS = """
            SELECT key, attempt
            FROM effect
            WHERE queue = ?
            """;

    static final String ENDS = """
            SELECT key, attempt
            FROM ended
            WHERE queue = ?
            """;

    /** Ends by attempts that had no effect at that moment. */
    static final String UNWORKED = """
            SELECT key, attempt
            FROM ended
            WHERE queue = ? AND NOT worked
            """;

    static final String STARTS = """
            SELECT key, attempt
            FROM started
            """;

    static final String LEFT = """
            SELECT payload #>> '{}'
            FROM queue_%s
            """;

    static final String ROWS = """
            SELECT '%1$s: ' || to_jsonb(job)::text
            FROM queue_%1$s AS job
            ORDER BY id
            """;

    static final String LEASES = """
            SELECT '%1$s: ' || to_jsonb(lease)::text
            FROM pg_queue_lease_%1$s AS lease
            ORDER BY id
            """;

    static final String DEAD = """
            SELECT queue || ' ' || (payload #>> '{}') || ' ' || error
            FROM pg_queue_dead_letter
            """;

    /**
     * From the commit of a push to the first start of its leased job, in milliseconds: of the pushes that were prepared
     * before or not, and were committed so many seconds after they were made, or sooner than so many.
     */
    static final String DELAYS = """
            SELECT count(*) AS pushes,
                   coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY late.delay), 0) AS half,
                   coalesce(percentile_cont(0.99) WITHIN GROUP (ORDER BY late.delay), 0) AS most,
                   coalesce(max(late.delay), 0) AS longest
            FROM (
                SELECT 1000 * extract(epoch FROM min(started.started_at) - pg_xact_commit_timestamp(pushed.xmin)) AS delay
                FROM pushed
                JOIN started ON started.key = pushed.key
                WHERE NOT pushed.delayed AND pushed.prepared = ?
                  AND pg_xact_commit_timestamp(pushed.xmin) - pushed.written_at >= make_interval(secs => ?)
                  AND pg_xact_commit_timestamp(pushed.xmin) - pushed.written_at < make_interval(secs => ?)
                GROUP BY pushed.key, pushed.xmin
            ) AS late
            """;

    private SoakSql() {}
}
