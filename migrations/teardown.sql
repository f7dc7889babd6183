-- Removes pg-queue from the current schema: every queue with its jobs, and all else that setup.sql made there.
-- Group roles stay, since they belong to the whole server. After it, setup.sql works again.
--
--   psql -f migrations/teardown.sql your_database
\set ON_ERROR_STOP on
\set QUIET on
BEGIN;
SET LOCAL client_min_messages = warning;

-- Of this schema only, although search_path may name others that hold pg-queue too.
DO $$
BEGIN
    PERFORM set_config('search_path', concat_ws(', ', quote_ident(current_schema()), 'pg_temp'), /* is_local */ true);
END
$$;

DO $$
DECLARE
    queue_name text;
    group_role text;
BEGIN
    IF to_regclass('pg_queue_queue') IS NOT NULL THEN
        FOR queue_name IN SELECT q.name FROM pg_queue_queue q LOOP
            EXECUTE format('DROP TABLE IF EXISTS %I', 'queue_' || queue_name);
            IF to_regproc('pg_queue_drop_leases') IS NOT NULL THEN
                EXECUTE format('SELECT pg_queue_drop_leases(%L)', queue_name);
            END IF;
        END LOOP;
    END IF;
    IF to_regclass('pg_queue_schema') IS NOT NULL THEN
        FOR group_role IN
            SELECT r.rolname
            FROM pg_queue_schema s
            CROSS JOIN unnest(ARRAY['producer', 'worker', 'cache', 'rpc', 'admin', 'monitor']) AS g(role_name)
            JOIN pg_roles r ON r.rolname = s.role_prefix || g.role_name
            JOIN pg_namespace n ON n.nspname = current_schema()
            JOIN aclexplode(n.nspacl) AS a ON a.grantee = r.oid AND a.privilege_type = 'USAGE'
        LOOP
            EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM %I', current_schema(), group_role);
        END LOOP;
    END IF;
END
$$;

DROP TABLE IF EXISTS pg_queue_cache, pg_queue_cache_durable, pg_queue_dead_letter, pg_queue_held, pg_queue_history,
    pg_queue_node, pg_queue_queue, pg_queue_request, pg_queue_schema, pg_queue_signal, pg_queue_sleeper;

DROP FUNCTION IF EXISTS
    pg_queue_awake(text, text),
    pg_queue_channel(text),
    pg_queue_check_name(text),
    pg_queue_create_leases(text),
    pg_queue_create_queue(text),
    pg_queue_create_roles(text),
    pg_queue_drop_queue(text),
    pg_queue_grant(),
    pg_queue_drop_leases(text),
    pg_queue_lock(text[]),
    pg_queue_make_function(text, text, text, text, text),
    pg_queue_make_functions(text),
    pg_queue_merge_ranges(int8multirange, integer),
    pg_queue_publish(text, text),
    pg_queue_push(text, jsonb, timestamptz, interval, integer, jsonb),
    pg_queue_raise_ids(text),
    pg_queue_ranges(bigint[]),
    pg_queue_requeue(text, bigint),
    pg_queue_require_queue(text),
    pg_queue_reset_cursor(text),
    pg_queue_set_channel_prefix(text),
    pg_queue_sleep(text, text, interval),
    pg_queue_store_response(uuid, jsonb),
    pg_queue_wake(text);

DROP DOMAIN IF EXISTS pg_queue_headers, pg_queue_max_attempts;
COMMIT;
