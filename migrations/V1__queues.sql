-- pg-queue schema 1: queues.
--
-- Everything is created in the current schema. The file is idempotent and expects to run inside one transaction
-- (setup.sql, Flyway and the library's own runner all do that).
--
-- A queue is one table, queue_<name>, with two lanes:
--
--   run_at IS NULL      the plain lane: ready when its transaction commits, inserted and deleted, never updated. Who
--                       holds such a job stands in pg_queue_lease_<name>, one row for many jobs: see V6__leases.sql.
--   run_at IS NOT NULL  the row lane: delayed, tried again, released, lost by a worker, waited for, or allowed one
--                       attempt only. Such a job is claimed by an update of its own row, which carries the lease.
--
-- A job moves from the plain lane to the row lane, keeping its id, and never back.
--
-- Functions keep the search_path that is set here: this schema, then pg_temp last, so that no object of another
-- schema can take the place of ours. Calls that an overload with closer argument types could catch name pg_catalog,
-- since before PostgreSQL 15 anybody may create one in schema public.

DO $$
BEGIN
    IF current_schema() IS NULL THEN
        RAISE EXCEPTION 'PGQ7001: no schema to install into: the first existing schema of search_path is used, and none exists'
            USING HINT = 'CREATE SCHEMA first, or set search_path to an existing schema.';
    END IF;
END
$$;

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', /* is_local */ true);

-- One row: what is installed here, the oldest jar that may still run on it, and what tenants of one database set.
CREATE TABLE IF NOT EXISTS pg_queue_schema (
    singleton        boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    version          integer NOT NULL CHECK (version >= 1),
    oldest_supported integer NOT NULL CHECK (oldest_supported BETWEEN 1 AND version),
    channel_prefix   text NOT NULL DEFAULT '' CHECK (channel_prefix ~ '^[A-Za-z0-9_.]{0,16}$'),
    role_prefix      text CHECK (role_prefix ~ '^[a-z_][a-z0-9_]{0,30}$' AND role_prefix NOT LIKE 'pg\_%')
);

CREATE TABLE IF NOT EXISTS pg_queue_queue (
    name       text PRIMARY KEY CHECK (name ~ '^[A-Za-z0-9_]{1,40}$'),
    created_at timestamptz NOT NULL DEFAULT statement_timestamp()
);

-- What comes from outside is checked by its type: an INSERT would read a constraint of the table anew each time, which
-- costs more than all else that it does for a row.
DO $$
BEGIN
    IF to_regtype('pg_queue_headers') IS NULL THEN
        CREATE DOMAIN pg_queue_headers AS jsonb
            CONSTRAINT pg_queue_headers_object CHECK (jsonb_typeof(VALUE) = 'object');
    END IF;
    IF to_regtype('pg_queue_max_attempts') IS NULL THEN
        CREATE DOMAIN pg_queue_max_attempts AS integer
            CONSTRAINT pg_queue_max_attempts_positive CHECK (VALUE >= 1);
    END IF;
END
$$;

-- Jobs that failed for good, of all queues. They keep their id; requeueing keeps it too.
CREATE TABLE IF NOT EXISTS pg_queue_dead_letter (
    queue        text NOT NULL,
    id           bigint NOT NULL,
    payload      jsonb NOT NULL,
    headers      jsonb,
    pushed_at    timestamptz NOT NULL,
    attempt      integer NOT NULL,
    failures     integer NOT NULL,
    max_attempts integer,
    died_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    error        text,
    PRIMARY KEY (queue, id)
);

-- Who waits for a queue: an insert notifies only if somebody does. That somebody may is told by the sequence
-- pg_queue_asleep_<queue>, 2 if so and else 1, which costs an insert next to nothing to look at. UNLOGGED, since after a
-- crash every worker connects anew and registers anew.
CREATE UNLOGGED TABLE IF NOT EXISTS pg_queue_sleeper (
    queue text NOT NULL,
    node  text NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (queue, node)
) WITH (fillfactor = 50);

-- The nodes that hold a session lock for as long as they live. UNLOGGED for the same reason.
CREATE UNLOGGED TABLE IF NOT EXISTS pg_queue_node (
    node  text PRIMARY KEY,
    since timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Jobs that a transaction of their worker has locked, and until when that worker says that it goes on: the lease in a
-- locked row cannot be renewed. UNLOGGED, since a crash ends those transactions.
CREATE UNLOGGED TABLE IF NOT EXISTS pg_queue_held (
    queue text NOT NULL,
    id    bigint NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (queue, id)
) WITH (fillfactor = 50);

CREATE OR REPLACE FUNCTION pg_queue_check_name(queue text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path FROM CURRENT
AS $$
BEGIN
    IF queue IS NULL OR queue !~ '^[A-Za-z0-9_]{1,40}$' THEN
        RAISE EXCEPTION 'PGQ1001: % is not a queue name', coalesce(quote_literal(queue), 'NULL')
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'A queue name has 1 to 40 characters out of A-Z a-z 0-9 _ and is case-sensitive.';
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION pg_queue_require_queue(queue text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path FROM CURRENT
AS $$
BEGIN
    PERFORM pg_queue_check_name(queue);
    IF NOT EXISTS (SELECT FROM pg_queue_queue q WHERE q.name = pg_queue_require_queue.queue) THEN
        RAISE EXCEPTION 'PGQ1003: queue ''%'' does not exist in schema %', queue, current_schema()
            USING ERRCODE = 'undefined_table',
                  HINT = pg_catalog.format('Create it with SELECT pg_queue_create_queue(%L);', queue);
    END IF;
END
$$;

-- Wakes whoever sleeps on a queue with the commit, and is true. Called by the default of pushed_at, for the first row of a
-- transaction that comes while somebody may be asleep; whoever names a pushed_at himself wakes the workers himself, as the
-- library does after the commit: commits that notify wait for each other, and a transaction that has notified cannot be
-- prepared. Runs as its owner and for everybody, so that who may insert needs no rights on what is behind it.
CREATE OR REPLACE FUNCTION pg_queue_wake(queue text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_queue_sleeper s WHERE s.queue = pg_queue_wake.queue AND s.until > statement_timestamp()
    ) THEN
        PERFORM pg_notify((SELECT s.channel_prefix FROM pg_queue_schema s) || 'queue_' || queue, '');
    END IF;
    PERFORM set_config('pg_queue.told_' || queue, 'yes', /* is_local */ true);
    RETURN true;
END
$$;

-- Registers a node as asleep for so long, from when its transaction has ended. Whoever began to push before that may
-- have seen nobody: the node looks at the queue again until these transactions have ended.
CREATE OR REPLACE FUNCTION pg_queue_sleep(queue text, node text, longest interval) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
BEGIN
    PERFORM pg_queue_require_queue(queue);
    PERFORM set_config('synchronous_commit', 'off', /* is_local */ true);
    PERFORM pg_advisory_xact_lock(
        pg_catalog.hashtextextended('pg_queue asleep ' || current_schema() || ' ' || queue, 0));
    INSERT INTO pg_queue_sleeper (queue, node, until)
    VALUES (pg_queue_sleep.queue, pg_queue_sleep.node, clock_timestamp() + longest)
    ON CONFLICT ON CONSTRAINT pg_queue_sleeper_pkey DO UPDATE SET until = excluded.until;
    PERFORM setval(quote_ident('pg_queue_asleep_' || queue)::regclass, 2);
END
$$;

-- Registers a node as awake. The last one tells the inserts that nobody sleeps: it sees the others, since they take
-- turns, and each statement sees what has been committed before it.
CREATE OR REPLACE FUNCTION pg_queue_awake(queue text, node text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', /* is_local */ true);
    PERFORM pg_advisory_xact_lock(
        pg_catalog.hashtextextended('pg_queue asleep ' || current_schema() || ' ' || queue, 0));
    DELETE FROM pg_queue_sleeper s WHERE s.queue = pg_queue_awake.queue AND s.node = pg_queue_awake.node;
    IF current_setting('transaction_isolation') = 'read committed'
       AND NOT EXISTS (
           SELECT FROM pg_queue_sleeper s WHERE s.queue = pg_queue_awake.queue AND s.until > statement_timestamp()
       )
       AND EXISTS (SELECT FROM pg_queue_queue q WHERE q.name = pg_queue_awake.queue) THEN
        PERFORM setval(quote_ident('pg_queue_asleep_' || queue)::regclass, 1);
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION pg_queue_create_queue(queue text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
DECLARE
    queue_table text := 'queue_' || queue;
    id_sequence text := 'pg_queue_id_' || queue;
    asleep_sequence text := 'pg_queue_asleep_' || queue;
    known boolean;
    there boolean;
BEGIN
    PERFORM pg_queue_check_name(queue);
    PERFORM pg_advisory_xact_lock(pg_catalog.hashtextextended('pg_queue ddl ' || current_schema(), 0));
    known := EXISTS (SELECT FROM pg_queue_queue q WHERE q.name = pg_queue_create_queue.queue);
    there := to_regclass(quote_ident(current_schema()) || '.' || quote_ident(queue_table)) IS NOT NULL;
    IF known AND there THEN
        RETURN;
    END IF;
    IF there THEN
        RAISE EXCEPTION 'PGQ1005: table % exists already and is not a queue of pg-queue', quote_ident(queue_table)
            USING ERRCODE = 'duplicate_table', HINT = 'Rename that table, or choose another queue name.';
    END IF;

    EXECUTE pg_catalog.format('CREATE SEQUENCE %I AS bigint', id_sequence);
    EXECUTE pg_catalog.format('CREATE SEQUENCE %I AS smallint MAXVALUE 2', asleep_sequence);
    PERFORM setval(quote_ident(asleep_sequence)::regclass, 1);
    EXECUTE pg_catalog.format($ddl$
        CREATE TABLE %1$I (
            -- Whoever has drawn an id has a transaction id: a claim can tell that its job may still come.
            id           bigint CONSTRAINT pg_queue_id NOT NULL
                DEFAULT CASE WHEN pg_catalog.pg_current_xact_id() IS NOT NULL THEN pg_catalog.nextval(%2$L) END,
            payload      jsonb CONSTRAINT pg_queue_payload NOT NULL,
            headers      pg_queue_headers,
            -- Null for the plain lane: such a job has no lease in its row, no deadline and nobody who waits for it.
            run_at       timestamptz,
            -- Comes after the id, so that the transaction has an id of its own when it looks for sleepers.
            pushed_at    timestamptz CONSTRAINT pg_queue_pushed_at NOT NULL
                DEFAULT CASE WHEN pg_catalog.pg_sequence_last_value(%4$L) = 1
                               OR pg_catalog.current_setting(%5$L, true) = 'yes'
                               OR pg_queue_wake(%6$L)
                             THEN clock_timestamp() END,
            attempt      integer CONSTRAINT pg_queue_attempt NOT NULL DEFAULT 0,
            failures     integer CONSTRAINT pg_queue_failures NOT NULL DEFAULT 0,
            max_attempts pg_queue_max_attempts,
            request_id   uuid,
            deadline     timestamptz,
            leased_until timestamptz,
            leased_by    text,
            last_error   text,
            CONSTRAINT %3$I PRIMARY KEY (id)
        ) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
                autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false)
        $ddl$, queue_table, quote_ident(id_sequence), 'pg_queue_pk_' || queue, quote_ident(asleep_sequence),
        'pg_queue.told_' || queue, queue);
    EXECUTE pg_catalog.format('ALTER SEQUENCE %I OWNED BY %I.id', id_sequence, queue_table);
    EXECUTE pg_catalog.format('ALTER SEQUENCE %I OWNED BY %I.pushed_at', asleep_sequence, queue_table);
    EXECUTE pg_catalog.format('CREATE INDEX %I ON %I (run_at, id) WHERE run_at IS NOT NULL AND leased_until IS NULL',
                              'pg_queue_pending_' || queue, queue_table);
    EXECUTE pg_catalog.format('CREATE INDEX %I ON %I (leased_until) WHERE leased_until IS NOT NULL',
                              'pg_queue_leased_' || queue, queue_table);
    EXECUTE pg_catalog.format('CREATE INDEX %I ON %I (deadline) WHERE deadline IS NOT NULL',
                              'pg_queue_deadline_' || queue, queue_table);
    PERFORM pg_queue_create_leases(queue);
    PERFORM pg_queue_make_functions(queue);
    -- Some pages that are never given back, so that no plan is ever made for a tiny table and kept for a large one.
    EXECUTE pg_catalog.format('INSERT INTO %I (id, payload) SELECT -n, ''0'' FROM generate_series(1, 2000) AS n',
                              queue_table);
    EXECUTE pg_catalog.format('DELETE FROM %I WHERE id < 0', queue_table);
    INSERT INTO pg_queue_queue (name) VALUES (queue) ON CONFLICT DO NOTHING;
    PERFORM pg_queue_grant();
END
$$;

-- Locks tables, those that there are, against everybody. Workers use the tables of a queue in more than one order, so
-- nothing is held while one of them is waited for: they are all had at once, or tried again, for ten seconds.
CREATE OR REPLACE FUNCTION pg_queue_lock(tables text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
DECLARE
    there text := (
        SELECT string_agg(t.name, ', ') FROM unnest(tables) AS t(name) WHERE to_regclass(t.name) IS NOT NULL
    );
BEGIN
    FOR attempt IN 1..1000 LOOP
        BEGIN
            EXECUTE 'LOCK TABLE ' || there || ' IN ACCESS EXCLUSIVE MODE NOWAIT';
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_catalog.pg_sleep(0.01);
        END;
    END LOOP;
    EXECUTE 'LOCK TABLE ' || there || ' IN ACCESS EXCLUSIVE MODE';
END
$$;

CREATE OR REPLACE FUNCTION pg_queue_drop_queue(queue text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
DECLARE
    queue_table text := quote_ident(current_schema()) || '.' || quote_ident('queue_' || queue);
    lease_table text := quote_ident(current_schema()) || '.' || quote_ident('pg_queue_lease_' || queue);
BEGIN
    PERFORM pg_queue_check_name(queue);
    PERFORM pg_advisory_xact_lock(pg_catalog.hashtextextended('pg_queue ddl ' || current_schema(), 0));
    IF EXISTS (SELECT FROM pg_queue_queue q WHERE q.name = pg_queue_drop_queue.queue) THEN
        IF to_regclass(queue_table) IS NOT NULL THEN
            PERFORM pg_queue_lock(ARRAY[queue_table, lease_table]);
            EXECUTE 'DROP TABLE ' || queue_table;
        END IF;
        PERFORM pg_queue_drop_leases(queue);
        DELETE FROM pg_queue_queue q WHERE q.name = pg_queue_drop_queue.queue;
        DELETE FROM pg_queue_dead_letter d WHERE d.queue = pg_queue_drop_queue.queue;
        DELETE FROM pg_queue_sleeper s WHERE s.queue = pg_queue_drop_queue.queue;
        DELETE FROM pg_queue_held h WHERE h.queue = pg_queue_drop_queue.queue;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION pg_queue_push(
    queue        text,
    payload      jsonb,
    run_at       timestamptz DEFAULT NULL,
    delay        interval DEFAULT NULL,
    max_attempts integer DEFAULT NULL,
    headers      jsonb DEFAULT NULL
) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
DECLARE
    id bigint;
BEGIN
    PERFORM pg_queue_require_queue(queue);
    IF payload IS NULL THEN
        RAISE EXCEPTION 'PGQ5001: the payload is NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Push ''null''::jsonb if a JSON null is meant.';
    END IF;
    IF run_at IS NOT NULL AND delay IS NOT NULL THEN
        RAISE EXCEPTION 'PGQ1006: run_at and delay are both given'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Give one of them.';
    END IF;
    EXECUTE 'INSERT INTO ' || quote_ident(current_schema()) || '.' || quote_ident('queue_' || queue)
            || ' (payload, headers, run_at, max_attempts) VALUES ($1, $2, $3, $4) RETURNING id'
        INTO id
        USING payload, headers,
              -- A job that may be tried once only is claimed when it starts: the loss of its lease is its one attempt.
              coalesce(run_at, clock_timestamp() + delay, CASE WHEN max_attempts = 1 THEN clock_timestamp() END),
              max_attempts;
    RETURN id;
END
$$;

-- Puts dead letters back into their queue with a new budget: one by its id, or all. The attempt goes on counting,
-- since (id, attempt) is never given twice.
CREATE OR REPLACE FUNCTION pg_queue_requeue(queue text, id bigint DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
DECLARE
    requeued bigint;
BEGIN
    PERFORM pg_queue_require_queue(queue);
    EXECUTE pg_catalog.format($dml$
        WITH dead AS (
            DELETE FROM pg_queue_dead_letter d
            WHERE d.queue = $1 AND (d.id = $2 OR $2 IS NULL)
            RETURNING d.id, d.payload, d.headers, d.pushed_at, d.attempt, d.max_attempts, d.error
        )
        INSERT INTO %I.%I (id, payload, headers, run_at, pushed_at, attempt, max_attempts, last_error)
        SELECT id, payload, headers, clock_timestamp(), pushed_at, attempt, max_attempts, error
        FROM dead
        $dml$, current_schema(), 'queue_' || queue)
        USING queue, id;
    GET DIAGNOSTICS requeued = ROW_COUNT;
    IF requeued > 0 THEN
        PERFORM pg_queue_wake(queue);
    END IF;
    RETURN requeued;
END
$$;

CREATE OR REPLACE FUNCTION pg_queue_set_channel_prefix(prefix text) RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
BEGIN
    IF prefix IS NULL OR prefix !~ '^[A-Za-z0-9_.]{0,16}$' THEN
        RAISE EXCEPTION 'PGQ7002: % is not a channel prefix', coalesce(quote_literal(prefix), 'NULL')
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'A channel prefix has at most 16 characters out of A-Z a-z 0-9 _ and dot.';
    END IF;
    UPDATE pg_queue_schema s SET channel_prefix = prefix;
END
$$;

REVOKE ALL ON FUNCTION pg_queue_check_name, pg_queue_require_queue, pg_queue_sleep, pg_queue_awake,
    pg_queue_create_queue, pg_queue_lock, pg_queue_drop_queue, pg_queue_push, pg_queue_requeue,
    pg_queue_set_channel_prefix FROM PUBLIC;

INSERT INTO pg_queue_schema (version, oldest_supported)
VALUES (1, 1)
ON CONFLICT (singleton) DO NOTHING;
