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
    producer text := prefix || 'producer';
    worker text := prefix || 'worker';
    cache text := prefix || 'cache';
    rpc text := prefix || 'rpc';
    admin text := prefix || 'admin';
    monitor text := prefix || 'monitor';
    anyone text;
    queue_name text;
BEGIN
    IF prefix IS NULL THEN
        RETURN;
    END IF;
    FOREACH anyone IN ARRAY ARRAY[producer, worker, cache, rpc, admin, monitor] LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), anyone);
        EXECUTE format('GRANT SELECT ON pg_queue_schema, pg_queue_queue TO %I', anyone);
        EXECUTE format('GRANT EXECUTE ON FUNCTION pg_queue_check_name, pg_queue_require_queue, pg_queue_channel TO %I',
                       anyone);
    END LOOP;
    EXECUTE format('GRANT EXECUTE ON FUNCTION pg_queue_push TO %I, %I', producer, worker);
    EXECUTE format('GRANT EXECUTE ON FUNCTION pg_queue_publish TO %I, %I', producer, worker);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON pg_queue_signal TO %I, %I', producer, worker);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON pg_queue_sleeper TO %I', worker);
    EXECUTE format('GRANT SELECT ON pg_queue_sleeper TO %I, %I', producer, rpc);
    EXECUTE format('GRANT SELECT, INSERT ON pg_queue_dead_letter TO %I', worker);
    EXECUTE format('GRANT SELECT, UPDATE, DELETE ON pg_queue_request TO %I', worker);
    EXECUTE format('GRANT EXECUTE ON FUNCTION pg_queue_store_response TO %I', worker);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON pg_queue_request TO %I', rpc);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON pg_queue_cache TO %I', cache);
    EXECUTE format('GRANT SELECT, DELETE ON pg_queue_dead_letter TO %I', admin);
    EXECUTE format('GRANT EXECUTE ON FUNCTION pg_queue_create_queue, pg_queue_drop_queue, pg_queue_requeue TO %I',
                   admin);
    EXECUTE format('GRANT SELECT (queue, id, pushed_at, attempt, failures, max_attempts, died_at) '
                   'ON pg_queue_dead_letter TO %I', monitor);
    EXECUTE format('GRANT SELECT ON pg_queue_sleeper TO %I', monitor);
    FOR queue_name IN SELECT q.name FROM pg_queue_queue q LOOP
        EXECUTE format('GRANT INSERT (payload, headers, run_at, max_attempts, request_id, deadline), SELECT (id) '
                       'ON %I TO %I, %I', 'queue_' || queue_name, producer, rpc);
        EXECUTE format('GRANT USAGE ON SEQUENCE %I TO %I, %I, %I', 'pg_queue_id_' || queue_name, producer, rpc, admin);
        EXECUTE format('GRANT SELECT, UPDATE, DELETE ON %I TO %I', 'queue_' || queue_name, worker);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO %I', 'queue_' || queue_name, admin);
        EXECUTE format('GRANT SELECT (id, run_at, pushed_at, attempt, failures, max_attempts, deadline, leased_until, '
                       'leased_by) ON %I TO %I', 'queue_' || queue_name, monitor);
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
            EXECUTE format('CREATE ROLE %I NOLOGIN', prefix || role_name);
        END IF;
    END LOOP;
    PERFORM pg_queue_grant();
END
$$;

REVOKE ALL ON FUNCTION pg_queue_grant, pg_queue_create_roles FROM PUBLIC;

UPDATE pg_queue_schema SET version = greatest(version, 5);
