-- pg-queue schema 4: the cache. Idempotent, one transaction; see V1__queues.sql for the search_path.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', /* is_local */ true);

-- UNLOGGED: no WAL, empty after a crash of the server. No index on the expiry, so that every update stays HOT; the
-- sweep walks the table. Only the database's clock decides what has expired.
CREATE UNLOGGED TABLE IF NOT EXISTS pg_queue_cache (
    cache      text NOT NULL,
    key        bytea NOT NULL,
    value      bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (cache, key)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0);

UPDATE pg_queue_schema SET version = greatest(version, 4);
