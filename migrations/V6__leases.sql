-- pg-queue schema 6: how plain jobs are claimed. Idempotent, one transaction; see V1__queues.sql for the two lanes and
-- for the search_path.
--
-- A claim writes one row for all the jobs that it takes: a lease, which names them. The newest lease is the cursor as
-- well: plain jobs up to its last_id have been looked at. It is never deleted, only succeeded, so that no row is
-- updated again and again, and a forgotten long transaction costs nothing.
--
-- Ids that a claim passed without seeing a job are gaps: the transactions that drew them are open or were rolled back.
-- Each claim looks through them, until all transactions that can fill them have ended. So gaps wait in a young
-- generation; when there is no old one, the young become the old, and the claim's own transaction their horizon:
-- whoever drew one of the ids began before it. When no older transaction runs and the old gaps were looked through
-- once more, they are dropped.
--
-- Should there be too many gaps to look at by each claim, they are merged to fewer wide ones, which also hold ids that
-- jobs have had. They have generations of their own and are looked through from time to time, for plain jobs that are
-- in no lease.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', /* is_local */ true);

-- The ids as ranges.
CREATE OR REPLACE FUNCTION pg_queue_ranges(ids bigint[]) RETURNS int8multirange
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF ids[cardinality(ids)] - ids[1] = cardinality(ids) - 1 THEN
        RETURN int8multirange(int8range(ids[1], ids[cardinality(ids)], '[]'));
    END IF;
    RETURN (SELECT coalesce(range_agg(int8range(i.id, i.id, '[]')), '{}') FROM unnest(ids) AS i(id));
END
$$;

-- At most so many ranges that hold all of these: the widest spaces between them stay.
CREATE OR REPLACE FUNCTION pg_queue_merge_ranges(ranges int8multirange, most integer) RETURNS int8multirange
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(range_agg(merged.range), '{}')
    FROM (
        SELECT int8range(min(lower(part.range)), max(upper(part.range))) AS range
        FROM (
            SELECT ranked.range, count(*) FILTER (WHERE ranked.place < most) OVER (ORDER BY ranked.range) AS part
            FROM (
                SELECT spaced.range, row_number() OVER (ORDER BY spaced.space DESC NULLS LAST) AS place
                FROM (
                    SELECT r.range, lower(r.range) - lag(upper(r.range)) OVER (ORDER BY r.range) AS space
                    FROM unnest(ranges) AS r(range)
                ) AS spaced
            ) AS ranked
        ) AS part
        GROUP BY part.part
    ) AS merged
$$;

-- Makes the table of the leases of a queue, with the first cursor.
CREATE OR REPLACE FUNCTION pg_queue_create_leases(queue text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
DECLARE
    lease_table text := 'pg_queue_lease_' || queue;
BEGIN
    -- Of a queue of that name whose table somebody dropped.
    PERFORM pg_queue_drop_leases(queue);
    EXECUTE pg_catalog.format($ddl$
        CREATE TABLE %1$I (
            id           bigint NOT NULL,
            token        uuid NOT NULL,
            node         text NOT NULL,
            jobs         int8multirange NOT NULL,
            -- Whether all of them began at once: then their loss is the loss of an attempt.
            started      boolean NOT NULL,
            until        timestamptz NOT NULL,
            -- The cursor, which is read from the newest lease only. No lease has an id below oldest.
            last_id      bigint NOT NULL,
            oldest       bigint NOT NULL,
            young        int8multirange NOT NULL DEFAULT '{}',
            old          int8multirange NOT NULL DEFAULT '{}',
            horizon      xid8 NOT NULL DEFAULT '0',
            wide_young   int8multirange NOT NULL DEFAULT '{}',
            wide_old     int8multirange NOT NULL DEFAULT '{}',
            wide_horizon xid8 NOT NULL DEFAULT '0',
            -- When the wide gaps are looked through again; where a look goes on, and the oldest transaction then.
            look_at      timestamptz NOT NULL DEFAULT '-infinity',
            look_from    bigint,
            look_xmin    xid8,
            CONSTRAINT %2$I PRIMARY KEY (id)
        ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500,
                autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false)
        $ddl$, lease_table, 'pg_queue_leases_' || queue);
    EXECUTE pg_catalog.format($dml$
        INSERT INTO %I (id, token, node, jobs, started, until, last_id, oldest)
        VALUES (1, gen_random_uuid(), '', '{}', false, '-infinity', 0, 1)
        $dml$, lease_table);
    -- Some pages that are never given back, so that no plan is ever made for a tiny table and kept for a large one.
    EXECUTE pg_catalog.format($dml$
        INSERT INTO %I (id, token, node, jobs, started, until, last_id, oldest)
        SELECT -n, gen_random_uuid(), '', '{}', false, '-infinity', 0, 1
        FROM generate_series(1, 1000) AS n
        $dml$, lease_table);
    EXECUTE pg_catalog.format('DELETE FROM %I WHERE id < 0', lease_table);
END
$$;

-- Raises the sequence of a queue above its jobs and its cursor, if rows came with ids of their own: new ids must come
-- after the cursor.
CREATE OR REPLACE FUNCTION pg_queue_raise_ids(queue text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
DECLARE
    sequence regclass := quote_ident('pg_queue_id_' || queue)::regclass;
    highest bigint;
BEGIN
    PERFORM pg_queue_require_queue(queue);
    -- Only above the sequence: rows that are dead, but that somebody keeps from vacuum, would be passed one by one.
    EXECUTE pg_catalog.format($sql$
        SELECT greatest(
            (SELECT max(j.id) FROM %I AS j WHERE j.id > $1),
            (SELECT l.last_id FROM %I AS l ORDER BY l.id DESC LIMIT 1)
        )
        $sql$, 'queue_' || queue, 'pg_queue_lease_' || queue)
        INTO highest
        USING coalesce(pg_sequence_last_value(sequence), 0);
    IF highest > coalesce(pg_sequence_last_value(sequence), 0) THEN
        PERFORM setval(sequence, highest);
    END IF;
END
$$;

-- Makes one of the functions that each queue has of its own, so that the plans of their statements are kept: by its
-- verb, arguments, the columns that it returns, and a body in which names in braces stand for those of the queue.
CREATE OR REPLACE FUNCTION pg_queue_make_function(queue text, verb text, arguments text, columns text, body text)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
DECLARE
    schema_name text := quote_ident(current_schema());
    function_name text := schema_name || '.' || quote_ident('pg_queue_' || verb || '_' || queue);
BEGIN
    PERFORM pg_queue_check_name(queue);
    body := replace(body, '{lease}', schema_name || '.' || quote_ident('pg_queue_lease_' || queue));
    body := replace(body, '{queue}', schema_name || '.' || quote_ident('queue_' || queue));
    body := replace(body, '{sequence}',
                    quote_literal(schema_name || '.' || quote_ident('pg_queue_id_' || queue)));
    body := replace(body, '{schema}', schema_name);
    body := replace(body, '{schema_name}', quote_literal(current_schema()::text));
    body := replace(body, '{name}', quote_literal(queue));
    -- Functions and operators that stand beside our tables could catch what is done with ranges: pg_catalog only.
    -- The planner takes a table for tiny that is full of dead rows, since somebody keeps vacuum from it, or has grown
    -- since the plan was made. So rows are found by the index only, one after the other: the bodies look them up in
    -- lateral subqueries with a limit or a lock, which cannot become joins, and change them by ANY of an array.
    EXECUTE 'CREATE OR REPLACE FUNCTION ' || function_name || '(' || arguments || ') RETURNS TABLE (' || columns || ')'
            ' LANGUAGE plpgsql'
            ' SET search_path = pg_catalog, pg_temp'
            ' SET enable_seqscan = off'
            ' SET enable_bitmapscan = off'
            ' SET enable_hashjoin = off'
            ' SET enable_mergejoin = off'
            ' SET plan_cache_mode = force_generic_plan'
            ' SET jit = off'
            ' AS ' || quote_literal(body);
    EXECUTE 'REVOKE ALL ON FUNCTION ' || function_name || ' FROM PUBLIC';
END
$$;

-- Makes the functions of a queue: pg_queue_claim_<queue> and the others.
CREATE OR REPLACE FUNCTION pg_queue_make_functions(queue text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $make$
BEGIN
    -- Takes up to so many wanted plain jobs under one new lease, if there are any. If there are no more than are
    -- startable, all of them begin at once.
    PERFORM pg_queue_make_function(queue, 'claim',
        'node text, token uuid, wanted integer, startable integer, lease interval',
        'lease_id bigint, id bigint, payload text, headers text, pushed_at timestamptz, attempt integer,'
        ' failures integer, max_attempts integer, leased_until timestamptz',
        $body$
        #variable_conflict use_variable
        DECLARE
            most_gaps  CONSTANT integer := 200;
            most_ids   CONSTANT integer := 10000;
            most_wide  CONSTANT integer := 50;
            most_rows  CONSTANT integer := 10000;
            head       {lease};
            seen_xmin  xid8;
            began      timestamptz;
            portion    integer;
            passed     integer := 0;
            ids        bigint[];
            plain      bigint[];
            held       int8multirange;
            gap_count  bigint;
            gap_ids    bigint;
            fresh      int8multirange := '{}';
            taken      integer := 0;
            -- What becomes the new lease.
            jobs       int8multirange := '{}';
            last_id    bigint;
            young      int8multirange;
            old        int8multirange;
            horizon    xid8;
            wide_young int8multirange;
            wide_old   int8multirange;
            wide_horizon xid8;
            look_at    timestamptz;
            look_from  bigint;
            look_xmin  xid8;
            oldest     bigint;
            until      timestamptz;
        BEGIN
            -- Each statement must see what has been committed meanwhile, and the horizon must be newer than the gaps.
            IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted')
               OR pg_current_xact_id_if_assigned() IS NOT NULL THEN
                RAISE EXCEPTION 'PGQ6007: jobs of queue ''%'' were claimed in a transaction that %', {name},
                                CASE WHEN pg_current_xact_id_if_assigned() IS NULL THEN 'is not READ COMMITTED'
                                     ELSE 'has written before' END
                    USING ERRCODE = 'invalid_transaction_state',
                          HINT = 'Claim in autocommit, with default_transaction_isolation left at READ COMMITTED.';
            END IF;
            IF coalesce(wanted, 0) < 1 THEN
                RETURN;
            END IF;
            -- A claim must be unique, not durable: what a crash takes back is claimed again under another token.
            PERFORM set_config('synchronous_commit', 'off', /* is_local */ true);
            -- Claimers take turns: from here on each statement sees all that earlier ones did.
            PERFORM pg_advisory_xact_lock(hashtextextended('pg_queue claim ' || {schema_name} || ' ' || {name}, 0));
            SELECT newest.* INTO head FROM {lease} AS newest ORDER BY newest.id DESC LIMIT 1;
            IF NOT FOUND THEN
                -- Somebody has emptied the table: from the beginning. Tokens protect what is held.
                SELECT 0, token, '', '{}', false, '-infinity', 0, 1, '{}', '{}', '0', '{}', '{}', '0', '-infinity',
                       NULL, NULL
                INTO head;
            END IF;
            last_id := head.last_id;
            young := head.young;
            old := head.old;
            horizon := head.horizon;
            wide_young := head.wide_young;
            wide_old := head.wide_old;
            wide_horizon := head.wide_horizon;
            look_at := head.look_at;
            look_from := head.look_from;
            look_xmin := head.look_xmin;

            -- Late jobs. The transactions are looked at before the gaps, so that those that ended are seen there.
            IF NOT (isempty(young) AND isempty(old)) THEN
                seen_xmin := pg_snapshot_xmin(pg_current_snapshot());
                SELECT array_agg(late.id)
                INTO plain
                FROM (
                    SELECT found.id
                    FROM unnest(young + old) AS gap
                    CROSS JOIN LATERAL (
                        SELECT job.id
                        FROM {queue} AS job
                        WHERE job.id >= lower(gap) AND job.id < upper(gap) AND job.run_at IS NULL
                        ORDER BY job.id
                        LIMIT wanted
                    ) AS found
                    LIMIT wanted
                ) AS late;
                IF plain IS NOT NULL THEN
                    jobs := {schema}.pg_queue_ranges(plain);
                    taken := cardinality(plain);
                    young := young - jobs;
                    old := old - jobs;
                END IF;
                IF taken < wanted AND seen_xmin >= horizon THEN
                    old := '{}';
                END IF;
            END IF;

            -- The same for wide gaps. A look that the limit cut short is gone on with by the next claim.
            IF taken < wanted AND NOT (isempty(wide_young) AND isempty(wide_old))
               AND (look_from IS NOT NULL OR look_at <= clock_timestamp()) THEN
                began := clock_timestamp();
                IF look_from IS NULL THEN
                    look_from := lower(wide_young + wide_old);
                    look_xmin := pg_snapshot_xmin(pg_current_snapshot());
                END IF;
                SELECT coalesce(range_agg(part), '{}')
                INTO held
                FROM {lease} AS live
                CROSS JOIN unnest(live.jobs) AS part
                WHERE live.id >= head.oldest;
                held := held + jobs;
                SELECT array_agg(late.id)
                INTO plain
                FROM (
                    SELECT found.id
                    FROM unnest(wide_young + wide_old) AS gap
                    CROSS JOIN LATERAL (
                        SELECT job.id
                        FROM {queue} AS job
                        WHERE job.id >= greatest(lower(gap), look_from) AND job.id < upper(gap)
                          AND job.run_at IS NULL AND NOT held @> job.id
                        ORDER BY job.id
                        LIMIT wanted - taken
                    ) AS found
                    LIMIT wanted - taken
                ) AS late;
                IF plain IS NOT NULL THEN
                    jobs := jobs + {schema}.pg_queue_ranges(plain);
                    taken := taken + cardinality(plain);
                END IF;
                IF taken < wanted THEN
                    -- Soon again if there was something; and at most a tenth of the time goes into looking.
                    look_at := clock_timestamp()
                               + greatest(CASE WHEN plain IS NULL AND head.look_from IS NULL
                                               THEN interval '250 milliseconds' ELSE interval '50 milliseconds' END,
                                          10 * (clock_timestamp() - began));
                    look_from := NULL;
                    IF look_xmin >= wide_horizon THEN
                        wide_old := '{}';
                    END IF;
                ELSE
                    look_from := plain[cardinality(plain)] + 1;
                END IF;
            END IF;

            -- What comes next. Ids that are not in this very result are gaps; jobs of the row lane are passed by.
            WHILE taken < wanted AND passed < most_rows LOOP
                portion := greatest(wanted - taken, least(passed, 1000));
                SELECT array_agg(next.id), array_agg(next.id) FILTER (WHERE next.plain)
                INTO ids, plain
                FROM (
                    SELECT job.id, job.run_at IS NULL AS plain
                    FROM {queue} AS job
                    WHERE job.id > last_id
                    ORDER BY job.id
                    LIMIT portion
                ) AS next;
                EXIT WHEN ids IS NULL;
                passed := passed + cardinality(ids);
                portion := portion - cardinality(ids);
                IF cardinality(plain) > wanted - taken THEN
                    plain := plain[: wanted - taken];
                    ids := ids[: array_position(ids, plain[cardinality(plain)])];
                END IF;
                IF ids[cardinality(ids)] - last_id > cardinality(ids) THEN
                    fresh := fresh + (int8multirange(int8range(last_id, ids[cardinality(ids)], '(]'))
                                      - {schema}.pg_queue_ranges(ids));
                END IF;
                last_id := ids[cardinality(ids)];
                IF plain IS NOT NULL THEN
                    jobs := jobs + {schema}.pg_queue_ranges(plain);
                    taken := taken + cardinality(plain);
                END IF;
                EXIT WHEN portion > 0;
            END LOOP;

            -- Nothing is written when nothing has changed. (look_from changes with what was taken only.)
            IF taken = 0 AND last_id = head.last_id AND look_at = head.look_at AND old = head.old THEN
                RETURN;
            END IF;
            IF last_id > head.last_id AND last_id > coalesce(pg_sequence_last_value({sequence}), 0) THEN
                PERFORM {schema}.pg_queue_raise_ids({name});
            END IF;

            IF NOT isempty(fresh) THEN
                young := young + fresh;
                SELECT count(*), sum(upper(gap) - lower(gap)) INTO gap_count, gap_ids FROM unnest(young + old) AS gap;
                IF gap_count > most_gaps OR gap_ids > most_ids THEN
                    wide_young := {schema}.pg_queue_merge_ranges(wide_young + young + old, most_wide);
                    young := '{}';
                    old := '{}';
                END IF;
            END IF;
            IF isempty(old) AND NOT isempty(young) THEN
                old := young;
                young := '{}';
                horizon := pg_current_xact_id();
            END IF;
            IF isempty(wide_old) AND NOT isempty(wide_young) THEN
                wide_old := wide_young;
                wide_young := '{}';
                wide_horizon := pg_current_xact_id();
            END IF;
            oldest := head.oldest;
            IF head.id % 100 = 0 THEN
                SELECT coalesce(min(live.id), head.oldest)
                INTO oldest
                FROM {lease} AS live
                WHERE live.id >= head.oldest;
            END IF;
            until := clock_timestamp() + lease;

            INSERT INTO {lease}
            VALUES (head.id + 1, token, node, jobs, taken <= startable, until, last_id, oldest, young, old, horizon,
                    wide_young, wide_old, wide_horizon, look_at, look_from, look_xmin);
            IF isempty(head.jobs) THEN
                DELETE FROM {lease} AS done WHERE done.id = head.id;
            END IF;
            RETURN QUERY
                SELECT head.id + 1, claimed.id, claimed.payload::text, claimed.headers::text, claimed.pushed_at,
                       claimed.attempt + 1, claimed.failures, claimed.max_attempts::integer, until
                FROM unnest(jobs) AS part
                CROSS JOIN LATERAL (
                    SELECT job.id, job.payload, job.headers, job.pushed_at, job.attempt, job.failures, job.max_attempts
                    FROM {queue} AS job
                    WHERE job.id >= lower(part) AND job.id < upper(part) AND job.run_at IS NULL
                    ORDER BY job.id
                ) AS claimed;
        END
        $body$);

    -- Ends the jobs that these leases hold, of those that are named with each, and tells which they were. A lease gives
    -- each job one attempt only, so that the numbers of the attempts need not be compared.
    PERFORM pg_queue_make_function(queue, 'complete',
        'leases bigint[], tokens uuid[], jobs int8multirange[]', 'ids bigint[]', $body$
        BEGIN
            RETURN QUERY
            WITH held AS MATERIALIZED (
                SELECT lease.jobs * named.jobs AS jobs
                FROM unnest(leases, tokens, jobs) AS named(id, token, jobs)
                CROSS JOIN LATERAL (
                    SELECT mine.jobs
                    FROM {lease} AS mine
                    WHERE mine.id = named.id AND mine.token = named.token
                    LIMIT 1
                ) AS lease
            ), done AS (
                DELETE FROM {queue} AS job
                WHERE job.id = ANY (ARRAY (
                    SELECT generate_series(lower(part), upper(part) - 1)
                    FROM held
                    CROSS JOIN unnest(held.jobs) AS part
                )) AND job.run_at IS NULL
                RETURNING job.id
            )
            SELECT array_agg(done.id)
            FROM done;
        END
        $body$);

    -- Gives jobs back in the same way. Their attempts are no failures, but counted.
    PERFORM pg_queue_make_function(queue, 'release',
        'leases bigint[], tokens uuid[], jobs int8multirange[]', 'ids bigint[]', $body$
        BEGIN
            RETURN QUERY
            WITH held AS MATERIALIZED (
                SELECT lease.jobs * named.jobs AS jobs
                FROM unnest(leases, tokens, jobs) AS named(id, token, jobs)
                CROSS JOIN LATERAL (
                    SELECT mine.jobs
                    FROM {lease} AS mine
                    WHERE mine.id = named.id AND mine.token = named.token
                    LIMIT 1
                ) AS lease
            ), released AS (
                UPDATE {queue} AS job
                SET run_at = clock_timestamp(),
                    attempt = job.attempt + 1
                WHERE job.id = ANY (ARRAY (
                    SELECT generate_series(lower(part), upper(part) - 1)
                    FROM held
                    CROSS JOIN unnest(held.jobs) AS part
                )) AND job.run_at IS NULL
                RETURNING job.id
            )
            SELECT array_agg(released.id)
            FROM released;
        END
        $body$);

    -- Removes leases none of whose jobs is left in the plain lane, and tells which; the newest is emptied instead,
    -- since it is the cursor. What an open transaction holds keeps its lease, and so does whoever has that locked. Who
    -- knows that all jobs of a lease are gone spares us the look at them.
    PERFORM pg_queue_make_function(queue, 'close', 'leases bigint[], tokens uuid[], known boolean[]', 'id bigint', $body$
        BEGIN
            RETURN QUERY
            WITH newest AS MATERIALIZED (
                SELECT lease.id
                FROM {lease} AS lease
                ORDER BY lease.id DESC
                LIMIT 1
            ), mine AS MATERIALIZED (
                SELECT lease.id, lease.jobs, named.known
                FROM unnest(leases, tokens, known) AS named(id, token, known)
                CROSS JOIN LATERAL (
                    SELECT held.id, held.jobs
                    FROM {lease} AS held
                    WHERE held.id = named.id AND held.token = named.token
                    FOR UPDATE SKIP LOCKED
                ) AS lease
            ), over AS MATERIALIZED (
                SELECT mine.id
                FROM mine
                WHERE mine.known OR NOT EXISTS (
                    SELECT
                    FROM unnest(mine.jobs) AS part
                    CROSS JOIN LATERAL (
                        SELECT
                        FROM {queue} AS job
                        WHERE job.id >= lower(part) AND job.id < upper(part) AND job.run_at IS NULL
                        ORDER BY job.id
                        LIMIT 1
                    ) AS plain
                )
            ), emptied AS (
                UPDATE {lease} AS lease
                SET jobs = '{}'
                WHERE lease.id = ANY (ARRAY (SELECT over.id FROM over JOIN newest ON over.id = newest.id))
            ), gone AS (
                DELETE FROM {lease} AS lease
                WHERE lease.id = ANY (ARRAY (SELECT over.id FROM over JOIN newest ON over.id < newest.id))
            )
            SELECT over.id
            FROM over;
        END
        $body$);

    -- Renews leases by the jobs that are still held under them, and tells those of these that are lost: their leases
    -- are gone or name them no more. Other jobs of the leases that are in the plain lane are given back: the answer to
    -- their claim was lost, or nobody knows of them any more; what a transaction holds stays with its lease. A lease of
    -- which there is nothing else is named without a job.
    PERFORM pg_queue_make_function(queue, 'renew',
        'ids bigint[], leases bigint[], tokens uuid[], lease interval', 'id bigint', $body$
        BEGIN
            RETURN QUERY
            WITH named AS MATERIALIZED (
                SELECT job.id, job.lease, job.token
                FROM unnest(ids, leases, tokens) AS job(id, lease, token)
            ), kept AS MATERIALIZED (
                SELECT named.lease, named.token,
                       coalesce(range_agg(int8range(named.id, named.id, '[]')) FILTER (WHERE named.id IS NOT NULL), '{}')
                           AS jobs
                FROM named
                GROUP BY named.lease, named.token
            ), mine AS MATERIALIZED (
                SELECT held.id, held.token, held.jobs, kept.jobs AS kept
                FROM (SELECT named.* FROM kept AS named ORDER BY named.lease) AS kept
                CROSS JOIN LATERAL (
                    SELECT lease.id, lease.token, lease.jobs
                    FROM {lease} AS lease
                    WHERE lease.id = kept.lease AND lease.token = kept.token
                    FOR NO KEY UPDATE
                ) AS held
            ), unknown AS MATERIALIZED (
                SELECT mine.id AS lease, plain.id, free.id IS NOT NULL AS free
                FROM mine
                CROSS JOIN unnest(mine.jobs - mine.kept) AS part
                CROSS JOIN LATERAL (
                    SELECT job.id
                    FROM {queue} AS job
                    WHERE job.id >= lower(part) AND job.id < upper(part) AND job.run_at IS NULL
                    ORDER BY job.id
                ) AS plain
                LEFT JOIN LATERAL (
                    SELECT job.id
                    FROM {queue} AS job
                    WHERE job.id = plain.id AND job.run_at IS NULL
                    FOR NO KEY UPDATE SKIP LOCKED
                ) AS free ON true
            ), moved AS (
                UPDATE {queue} AS job
                SET run_at = clock_timestamp(),
                    attempt = job.attempt + 1
                WHERE job.id = ANY (ARRAY (SELECT unknown.id FROM unknown WHERE unknown.free))
            ), locked AS MATERIALIZED (
                SELECT unknown.lease, range_agg(int8range(unknown.id, unknown.id, '[]')) AS jobs
                FROM unknown
                WHERE NOT unknown.free
                GROUP BY unknown.lease
            ), renewed AS (
                UPDATE {lease} AS held
                SET until = clock_timestamp() + $4,
                    jobs = (
                        SELECT mine.jobs * (mine.kept + coalesce(locked.jobs, '{}'))
                        FROM mine
                        LEFT JOIN locked ON locked.lease = mine.id
                        WHERE mine.id = held.id
                    )
                WHERE held.id = ANY (ARRAY (SELECT mine.id FROM mine))
            )
            SELECT named.id
            FROM named
            LEFT JOIN mine ON mine.id = named.lease AND mine.token = named.token
            WHERE named.id IS NOT NULL AND mine.jobs @> named.id IS NOT TRUE;
        END
        $body$);

    -- Takes the jobs of leases that have ended, and those of a dead node if one is named, into the row lane, and tells
    -- how many. If all jobs of a lease had begun, their attempts are lost, which the claim there counts. What somebody
    -- has locked stays with its lease; that is told too. Leases of which nothing is left are removed.
    PERFORM pg_queue_make_function(queue, 'take_over', 'dead text', 'moved bigint, locked bigint', $body$
        BEGIN
            RETURN QUERY
            WITH newest AS MATERIALIZED (
                SELECT lease.id, lease.oldest
                FROM {lease} AS lease
                ORDER BY lease.id DESC
                LIMIT 1
            ), ended AS MATERIALIZED (
                SELECT lease.id, lease.jobs, lease.started, lease.node, lease.until
                FROM {lease} AS lease
                WHERE lease.id >= (SELECT newest.oldest FROM newest)
                  AND (lease.until < statement_timestamp() OR lease.node = dead)
                  AND NOT (isempty(lease.jobs) AND lease.id = (SELECT newest.id FROM newest))
                ORDER BY lease.id
                LIMIT 100
                FOR UPDATE SKIP LOCKED
            ), looked AS MATERIALIZED (
                SELECT ended.id AS lease, plain.id, free.id IS NOT NULL AS free
                FROM ended
                CROSS JOIN unnest(ended.jobs) AS part
                CROSS JOIN LATERAL (
                    SELECT job.id
                    FROM {queue} AS job
                    WHERE job.id >= lower(part) AND job.id < upper(part) AND job.run_at IS NULL
                    ORDER BY job.id
                ) AS plain
                LEFT JOIN LATERAL (
                    SELECT job.id
                    FROM {queue} AS job
                    WHERE job.id = plain.id AND job.run_at IS NULL
                    FOR NO KEY UPDATE SKIP LOCKED
                ) AS free ON true
            ), taken AS (
                UPDATE {queue} AS job
                SET run_at = clock_timestamp(),
                    attempt = job.attempt + 1,
                    (leased_until, leased_by) = (
                        SELECT least(ended.until, statement_timestamp()), ended.node
                        FROM ended
                        WHERE ended.started AND ended.jobs @> job.id
                    )
                WHERE job.id = ANY (ARRAY (SELECT looked.id FROM looked WHERE looked.free))
                RETURNING job.id
            ), stuck AS MATERIALIZED (
                SELECT looked.lease, range_agg(int8range(looked.id, looked.id, '[]')) AS jobs, count(*) AS many
                FROM looked
                WHERE NOT looked.free
                GROUP BY looked.lease
            ), kept AS (
                UPDATE {lease} AS lease
                SET jobs = coalesce((SELECT stuck.jobs FROM stuck WHERE stuck.lease = lease.id), '{}')
                WHERE lease.id = ANY (ARRAY (
                    SELECT ended.id
                    FROM ended
                    WHERE ended.id IN (SELECT stuck.lease FROM stuck) OR ended.id = (SELECT newest.id FROM newest)
                ))
            ), gone AS (
                DELETE FROM {lease} AS lease
                WHERE lease.id = ANY (ARRAY (
                    SELECT ended.id
                    FROM ended
                    WHERE ended.id NOT IN (SELECT stuck.lease FROM stuck) AND ended.id < (SELECT newest.id FROM newest)
                ))
            )
            SELECT
                (SELECT count(*) FROM taken),
                (SELECT coalesce(sum(stuck.many), 0)::bigint FROM stuck);
        END
        $body$);

    -- Finds the sessions that hold jobs although their leases ended longer ago than that. A prepared transaction has no
    -- session and is left to its recovery.
    PERFORM pg_queue_make_function(queue, 'holders', 'since interval', 'pid integer, id bigint', $body$
        BEGIN
            RETURN QUERY
            WITH ended AS MATERIALIZED (
                SELECT lease.jobs
                FROM {lease} AS lease
                WHERE lease.id >= (SELECT newest.oldest FROM {lease} AS newest ORDER BY newest.id DESC LIMIT 1)
                  AND lease.until < statement_timestamp() - since
            ), plain AS MATERIALIZED (
                SELECT job.id, job.locker, job.place
                FROM ended
                CROSS JOIN unnest(ended.jobs) AS part
                CROSS JOIN LATERAL (
                    SELECT queued.id, queued.xmax AS locker, queued.tableoid AS place
                    FROM {queue} AS queued
                    WHERE queued.id >= lower(part) AND queued.id < upper(part) AND queued.run_at IS NULL
                    ORDER BY queued.id
                ) AS job
                WHERE job.locker <> '0'::xid
            )
            SELECT DISTINCT held.pid, plain.id
            FROM plain
            JOIN pg_locks AS held ON held.transactionid = plain.locker
            WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock' AND held.granted
              AND held.pid IS NOT NULL
              -- A row that several have locked has a number of another kind there, which may be somebody else's.
              AND EXISTS (
                  SELECT
                  FROM pg_locks AS used
                  WHERE used.pid = held.pid AND used.locktype = 'relation' AND used.relation = plain.place
                    AND used.database = (SELECT db.oid FROM pg_database AS db WHERE db.datname = current_database())
              );
        END
        $body$);

    -- Looks at so many jobs up to the cursor, from behind an id, and takes those in the plain lane that neither a lease
    -- nor a gap names into the row lane: how many, and the last id that was looked at, null at the end. There are none,
    -- unless rows came with ids of their own, or a restore, a failover or a hand has changed the tables.
    PERFORM pg_queue_make_function(queue, 'sweep', 'after bigint, portion integer', 'moved bigint, last bigint', $body$
        BEGIN
            RETURN QUERY
            WITH newest AS MATERIALIZED (
                SELECT lease.last_id, lease.oldest,
                       lease.young + lease.old + lease.wide_young + lease.wide_old AS gaps
                FROM {lease} AS lease
                ORDER BY lease.id DESC
                LIMIT 1
            ), held AS MATERIALIZED (
                SELECT coalesce(range_agg(part), '{}') AS jobs
                FROM {lease} AS lease
                CROSS JOIN unnest(lease.jobs) AS part
                WHERE lease.id >= (SELECT newest.oldest FROM newest)
            ), looked AS MATERIALIZED (
                SELECT job.id, job.run_at
                FROM {queue} AS job
                WHERE job.id > after AND job.id <= (SELECT newest.last_id FROM newest)
                ORDER BY job.id
                LIMIT portion
            ), astray AS MATERIALIZED (
                SELECT free.id
                FROM newest
                CROSS JOIN held
                CROSS JOIN looked
                CROSS JOIN LATERAL (
                    SELECT job.id
                    FROM {queue} AS job
                    WHERE job.id = looked.id AND job.run_at IS NULL
                    FOR NO KEY UPDATE SKIP LOCKED
                ) AS free
                WHERE looked.run_at IS NULL AND NOT newest.gaps @> looked.id AND NOT held.jobs @> looked.id
            ), taken AS (
                UPDATE {queue} AS job
                SET run_at = clock_timestamp(),
                    attempt = job.attempt + 1
                WHERE job.id = ANY (ARRAY (SELECT astray.id FROM astray))
                RETURNING job.id
            )
            SELECT (SELECT count(*) FROM taken), (SELECT max(looked.id) FROM looked);
        END
        $body$);
END
$make$;

-- Removes the functions of a queue, and its leases.
CREATE OR REPLACE FUNCTION pg_queue_drop_leases(queue text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
DECLARE
    schema_name text := quote_ident(current_schema());
    lease_table text := schema_name || '.' || quote_ident('pg_queue_lease_' || queue);
    verb text;
    function_name text;
BEGIN
    PERFORM pg_queue_check_name(queue);
    FOREACH verb IN ARRAY ARRAY['claim', 'complete', 'release', 'close', 'renew', 'take_over', 'holders', 'sweep'] LOOP
        function_name := schema_name || '.' || quote_ident('pg_queue_' || verb || '_' || queue);
        IF to_regproc(function_name) IS NOT NULL THEN
            EXECUTE 'DROP FUNCTION ' || function_name;
        END IF;
    END LOOP;
    IF to_regclass(lease_table) IS NOT NULL THEN
        EXECUTE 'DROP TABLE ' || lease_table;
    END IF;
END
$$;

-- Repairs the cursor of a queue whose ids began anew, as after TRUNCATE ... RESTART IDENTITY or a restore without the
-- sequences: it goes back below the lowest job, all leases end, and the sequence goes on above all ids there have been.
-- Returns whether that was so.
CREATE OR REPLACE FUNCTION pg_queue_reset_cursor(queue text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
DECLARE
    lease_table text := quote_ident('pg_queue_lease_' || queue);
    head_id bigint;
    passed_id bigint;
    last_value bigint;
    lowest bigint;
BEGIN
    PERFORM pg_queue_require_queue(queue);
    PERFORM pg_advisory_xact_lock(
        pg_catalog.hashtextextended('pg_queue claim ' || current_schema() || ' ' || queue, 0));
    EXECUTE 'SELECT l.id, l.last_id FROM ' || lease_table || ' AS l ORDER BY l.id DESC LIMIT 1' INTO head_id, passed_id;
    last_value := coalesce(pg_sequence_last_value(quote_ident('pg_queue_id_' || queue)::regclass), 0);
    PERFORM pg_queue_raise_ids(queue);
    IF passed_id <= last_value THEN
        RETURN false;
    END IF;
    -- Transactions that are open may still bring jobs below the lowest one: that is a gap.
    EXECUTE 'SELECT coalesce(min(j.id), 1) FROM ' || quote_ident('queue_' || queue) || ' AS j' INTO lowest;
    EXECUTE 'INSERT INTO ' || lease_table || ' (id, token, node, jobs, started, until, last_id, oldest, wide_young)'
            ' VALUES ($1 + 1, gen_random_uuid(), '''', ''{}'', false, ''-infinity'', $2 - 1, $1 + 1,'
            ' int8multirange(int8range(least($2, 1), $2)))'
        USING head_id, lowest;
    EXECUTE 'DELETE FROM ' || lease_table || ' AS l WHERE l.id <= $1' USING head_id;
    RETURN true;
END
$$;

REVOKE ALL ON FUNCTION pg_queue_ranges, pg_queue_merge_ranges, pg_queue_create_leases, pg_queue_drop_leases,
    pg_queue_raise_ids, pg_queue_make_function, pg_queue_make_functions, pg_queue_reset_cursor FROM PUBLIC;

UPDATE pg_queue_schema SET version = greatest(version, 6);
