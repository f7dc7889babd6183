-- pg-queue schema 5: group roles, made only on request. Idempotent, one transaction; see V1__queues.sql for the
-- search_path.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', /* is_local */ true);

-- Gives the group roles what they need on everything that exists; does nothing unless roles were asked for.
CREATE OR REPLACE FUNCTION pg_queue_grant() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
DECLARE
    prefix text := (SELECT s.role_prefix FROM pg_queue_schema s);
    producer text := quote_ident(prefix || 'producer');
    worker text := quote_ident(prefix || 'worker');
    cache text := quote_ident(prefix || 'cache');
    rpc text := quote_ident(prefix || 'rpc');
    admin text := quote_ident(prefix || 'admin');
    monitor text := quote_ident(prefix || 'monitor');
    everybody text := pg_catalog.concat_ws(', ', producer, worker, cache, rpc, admin, monitor);
    queue text;
    queue_table text;
    lease_table text;
    verb text;
BEGIN
    IF prefix IS NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(pg_catalog.hashtextextended('pg_queue ddl ' || current_schema(), 0));
    -- Whoever may create here need not be allowed to let others in; in schema public they are in.
    IF has_schema_privilege(current_schema(), 'USAGE WITH GRANT OPTION') THEN
        EXECUTE 'GRANT USAGE ON SCHEMA ' || quote_ident(current_schema()) || ' TO ' || everybody;
    END IF;
    EXECUTE 'GRANT SELECT ON pg_queue_schema, pg_queue_queue TO ' || everybody;
    EXECUTE 'GRANT EXECUTE ON FUNCTION pg_queue_check_name, pg_queue_require_queue, pg_queue_channel TO ' || everybody;
    EXECUTE 'GRANT EXECUTE ON FUNCTION pg_queue_push, pg_queue_publish TO ' || producer;
    EXECUTE 'GRANT EXECUTE ON FUNCTION pg_queue_publish, pg_queue_store_response TO ' || worker;
    EXECUTE 'GRANT EXECUTE ON FUNCTION pg_queue_ranges, pg_queue_merge_ranges, pg_queue_raise_ids,'
            ' pg_queue_reset_cursor, pg_queue_sleep, pg_queue_awake TO ' || worker;
    EXECUTE 'GRANT EXECUTE ON FUNCTION pg_queue_create_queue, pg_queue_drop_queue, pg_queue_requeue TO ' || admin;

    EXECUTE 'GRANT SELECT, INSERT, DELETE ON pg_queue_signal TO ' || producer || ', ' || worker;
    EXECUTE 'GRANT SELECT ON pg_queue_sleeper TO ' || pg_catalog.concat_ws(', ', producer, rpc, admin, monitor);
    EXECUTE 'GRANT SELECT, DELETE ON pg_queue_sleeper TO ' || worker;
    EXECUTE 'GRANT SELECT, INSERT, UPDATE, DELETE ON pg_queue_node, pg_queue_held TO ' || worker;
    EXECUTE 'GRANT SELECT ON pg_queue_node, pg_queue_held TO ' || admin || ', ' || monitor;
    EXECUTE 'GRANT SELECT, INSERT ON pg_queue_dead_letter TO ' || worker;
    EXECUTE 'GRANT SELECT, DELETE ON pg_queue_dead_letter TO ' || admin;
    EXECUTE 'GRANT SELECT (queue, id, pushed_at, attempt, failures, max_attempts, died_at) ON pg_queue_dead_letter TO '
            || monitor;
    EXECUTE 'GRANT SELECT, INSERT, UPDATE, DELETE ON pg_queue_cache, pg_queue_cache_durable TO ' || cache;
    -- Only workers answer: who asks can neither write nor change an answer.
    EXECUTE 'GRANT SELECT, DELETE, INSERT (request_id, reply_to, deadline) ON pg_queue_request TO ' || rpc;
    EXECUTE 'GRANT SELECT, DELETE, UPDATE (outcome, response, error_type, error_message) ON pg_queue_request TO '
            || worker;

    FOR queue IN SELECT q.name FROM pg_queue_queue q LOOP
        queue_table := quote_ident('queue_' || queue);
        lease_table := quote_ident('pg_queue_lease_' || queue);
        EXECUTE 'GRANT USAGE ON SEQUENCE ' || quote_ident('pg_queue_id_' || queue) || ', '
                || quote_ident('pg_queue_asleep_' || queue) || ' TO '
                || producer || ', ' || rpc || ', ' || admin;
        EXECUTE 'GRANT SELECT (id), INSERT (payload, headers, run_at, pushed_at, max_attempts) ON '
                || queue_table || ' TO '
                || producer;
        EXECUTE 'GRANT INSERT (payload, headers, run_at, request_id, deadline) ON ' || queue_table || ' TO ' || rpc;
        -- Nobody but an admin changes what was pushed.
        EXECUTE 'GRANT SELECT, DELETE, UPDATE (run_at, attempt, failures, leased_until, leased_by, last_error) ON '
                || queue_table || ' TO ' || worker;
        EXECUTE 'GRANT SELECT, INSERT, UPDATE, DELETE ON ' || lease_table || ' TO ' || worker;
        EXECUTE 'GRANT SELECT ON SEQUENCE ' || quote_ident('pg_queue_id_' || queue) || ' TO ' || worker;
        FOREACH verb IN ARRAY
            ARRAY['claim', 'complete', 'release', 'close', 'renew', 'take_over', 'holders', 'sweep']
        LOOP
            EXECUTE 'GRANT EXECUTE ON FUNCTION ' || quote_ident('pg_queue_' || verb || '_' || queue) || ' TO '
                    || worker;
        END LOOP;
        -- Without the tokens, which are what holds a job.
        EXECUTE 'GRANT SELECT (id, node, jobs, until, last_id, oldest, young, old, wide_young, wide_old) ON '
                || lease_table || ' TO ' || admin || ', ' || monitor;
        EXECUTE 'GRANT SELECT, INSERT, UPDATE, DELETE ON ' || queue_table || ' TO ' || admin;
        EXECUTE 'GRANT SELECT (id, run_at, pushed_at, attempt, failures, max_attempts, deadline, leased_until, '
                'leased_by) ON ' || queue_table || ' TO ' || monitor;
    END LOOP;
END
$$;

-- Creates the group roles <prefix>producer, worker, cache, rpc, admin and monitor, and grants them what they need.
-- Roles belong to the whole server: tenants that share one should choose their own prefix.
CREATE OR REPLACE FUNCTION pg_queue_create_roles(prefix text DEFAULT 'pgqueue_') RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
DECLARE
    role_name text;
BEGIN
    IF prefix IS NULL OR prefix !~ '^[a-z_][a-z0-9_]{0,30}$' OR prefix LIKE 'pg\_%' THEN
        RAISE EXCEPTION 'PGQ7003: % is not a role prefix', coalesce(quote_literal(prefix), 'NULL')
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Up to 31 characters out of a-z 0-9 _; names that start with pg_ belong to PostgreSQL.';
    END IF;
    UPDATE pg_queue_schema s SET role_prefix = prefix;
    FOREACH role_name IN ARRAY ARRAY['producer', 'worker', 'cache', 'rpc', 'admin', 'monitor'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = prefix || role_name) THEN
            EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', prefix || role_name);
        END IF;
    END LOOP;
    PERFORM pg_queue_grant();
END
$$;

REVOKE ALL ON FUNCTION pg_queue_grant, pg_queue_create_roles FROM PUBLIC;

UPDATE pg_queue_schema SET version = greatest(version, 5);
