-- pg-queue schema 4: the cache. Idempotent, one transaction; see V1__queues.sql for the search_path.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', /* is_local */ true);

-- UNLOGGED: no WAL, empty after a crash of the server. No index on the expiry, so that every update stays HOT; the
-- sweep walks the table. Only the database's clock decides what has expired; a row that has is as good as absent.
--   key    canonical bytes: a text is its UTF-8, everything else starts with the byte FF, which no UTF-8 has
--   hash   what is indexed, since a key may be longer than an index takes
--   codec  how value is to be read: 1 JSON, 2 as keys are written, 3 Java serialization, 4 JSON after its type
CREATE UNLOGGED TABLE IF NOT EXISTS pg_queue_cache (
    cache      text NOT NULL,
    hash       bytea GENERATED ALWAYS AS (sha256(key)) STORED,
    key        bytea NOT NULL,
    value      bytea NOT NULL,
    codec      smallint NOT NULL DEFAULT 1,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pg_queue_cache_pkey PRIMARY KEY (cache, hash)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0);

-- The caches that must survive a crash.
CREATE TABLE IF NOT EXISTS pg_queue_cache_durable (LIKE pg_queue_cache INCLUDING ALL)
    WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
          autovacuum_vacuum_cost_delay = 0);

UPDATE pg_queue_schema SET version = greatest(version, 4);
