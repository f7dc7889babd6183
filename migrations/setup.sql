-- Installs pg-queue into the current schema. Running it again is harmless.
--
--   psql -f migrations/setup.sql your_database
--
-- Options, each by -v name=value:
--   channel_prefix=shop_   channels of this schema start with shop_ (tenants that share one database need one each)
--   roles=on               creates the group roles pgqueue_producer, _worker, _cache, _rpc, _admin and _monitor
--   role_prefix=shop_      the group roles start with shop_ instead of pgqueue_
\set ON_ERROR_STOP on
\set QUIET on
BEGIN;
SET LOCAL client_min_messages = warning;
\o /dev/null
-- Whoever installs into this schema takes turns.
SELECT pg_advisory_xact_lock(hashtextextended('pg_queue migration ' || current_schema(), 0));
\ir V1__queues.sql
\ir V2__channels.sql
\ir V3__requests.sql
\ir V4__cache.sql
\ir V5__roles.sql
\ir V6__leases.sql
\if :{?channel_prefix}
SELECT pg_queue_set_channel_prefix(:'channel_prefix');
\endif
\if :{?roles}
\if :roles
\if :{?role_prefix}
SELECT pg_queue_create_roles(:'role_prefix');
\else
SELECT pg_queue_create_roles();
\endif
\endif
\endif
SELECT pg_queue_grant();
\o
SELECT format('pg-queue schema %s is installed in schema %s', version, current_schema()) AS "pg-queue"
FROM pg_queue_schema;
COMMIT;
