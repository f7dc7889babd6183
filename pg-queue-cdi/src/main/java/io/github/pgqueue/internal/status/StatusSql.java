package io.github.pgqueue.internal.status;

/** Statements that look at a database and change nothing. */
final class StatusSql {

    /** What the server and this session are set to, and what weighs on the database. */
    static final String FACTS = """
            SELECT
                pg_is_in_recovery() AS standby,
                current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on' AS crash_safe,
                current_setting('synchronous_commit') AS synchronous_commit,
                current_setting('transaction_isolation') AS isolation,
                current_setting('max_prepared_transactions')::integer AS max_prepared,
                coalesce(inet_server_addr() << inet '127.0.0.0/8' OR inet_server_addr() = inet '::1', true) AS local,
                current_user::text AS role,
                pg_notification_queue_usage() AS notifications
            """;

    /** The prepared transactions of this database, the oldest first. */
    static final String PREPARED = """
            SELECT gid, extract(epoch FROM clock_timestamp() - prepared)::double precision AS age
            FROM pg_catalog.pg_prepared_xacts
            WHERE database = current_database()
            ORDER BY prepared
            """;

    /**
     * Who holds the oldest snapshot or transaction that counts in this database. A session idle in its transaction holds
     * no snapshot, but the transaction, if it has written.
     */
    static final String OLDEST_XMIN = """
            SELECT holder.who, holder.seconds, holder.transactions
            FROM (
                SELECT
                    'session ' || pid || CASE WHEN application_name <> '' THEN ' of ' || application_name ELSE '' END AS who,
                    extract(epoch FROM clock_timestamp() - xact_start)::double precision AS seconds,
                    greatest(age(backend_xmin), age(backend_xid)) AS transactions
                FROM pg_catalog.pg_stat_activity
                WHERE pid <> pg_backend_pid()
                  AND (datname = current_database() OR backend_type = 'walsender')
                UNION ALL
                SELECT
                    'prepared transaction ' || gid,
                    extract(epoch FROM clock_timestamp() - prepared)::double precision,
                    age(transaction)
                FROM pg_catalog.pg_prepared_xacts
                WHERE database = current_database()
                UNION ALL
                SELECT 'replication slot ' || slot_name, NULL, age(xmin)
                FROM pg_catalog.pg_replication_slots
            ) AS holder
            WHERE holder.transactions IS NOT NULL
            ORDER BY holder.transactions DESC, holder.seconds DESC NULLS LAST
            LIMIT 1
            """;

    /** What the role would need to work these queues, and has not. */
    static final String MISSING_GRANTS = """
            WITH worked AS (
                SELECT worked.name
                FROM unnest(?::text[]) AS worked(name)
            ), needed(object, verb, attribute) AS (
                VALUES
                    ('pg_queue_queue', 'SELECT', 'name'),
                    ('pg_queue_dead_letter', 'INSERT', 'id'),
                    ('pg_queue_request', 'SELECT', 'request_id'),
                    ('pg_queue_request', 'UPDATE', 'outcome'),
                    ('pg_queue_node', 'SELECT', 'node'),
                    ('pg_queue_node', 'INSERT', 'node'),
                    ('pg_queue_node', 'UPDATE', 'since'),
                    ('pg_queue_node', 'DELETE', NULL),
                    ('pg_queue_held', 'SELECT', 'until'),
                    ('pg_queue_held', 'INSERT', 'until'),
                    ('pg_queue_held', 'UPDATE', 'until'),
                    ('pg_queue_held', 'DELETE', NULL),
                    ('pg_queue_sleeper', 'SELECT', 'queue'),
                    ('pg_queue_sleeper', 'DELETE', NULL)
                UNION ALL
                SELECT kinds.prefix || worked.name, kinds.verb, kinds.attribute
                FROM worked
                CROSS JOIN (
                    VALUES
                        ('queue_', 'SELECT', 'payload'),
                        ('queue_', 'UPDATE', 'leased_until'),
                        ('queue_', 'DELETE', NULL),
                        ('pg_queue_lease_', 'SELECT', 'token'),
                        ('pg_queue_lease_', 'INSERT', 'token'),
                        ('pg_queue_lease_', 'UPDATE', 'until'),
                        ('pg_queue_lease_', 'DELETE', NULL),
                        ('pg_queue_id_', 'SELECT', NULL)
                ) AS kinds(prefix, verb, attribute)
            ), called(name) AS (
                VALUES ('pg_queue_ranges'), ('pg_queue_merge_ranges'), ('pg_queue_raise_ids'), ('pg_queue_reset_cursor'),
                       ('pg_queue_sleep'), ('pg_queue_awake')
                UNION ALL
                SELECT 'pg_queue_' || verbs.verb || '_' || worked.name
                FROM worked
                CROSS JOIN unnest(ARRAY[
                    'claim', 'complete', 'release', 'close', 'renew', 'take_over', 'holders', 'sweep'
                ]) AS verbs(verb)
            )
            SELECT string_agg(needed.verb, ', ' ORDER BY needed.verb) AS verbs, quote_ident(needed.object) AS object
            FROM needed
            JOIN pg_catalog.pg_class AS c ON c.relname = needed.object
            JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = ?
              AND NOT CASE
                      WHEN needed.attribute IS NULL THEN has_table_privilege(c.oid, needed.verb)
                      ELSE has_column_privilege(c.oid, needed.attribute, needed.verb)
                  END
            GROUP BY needed.object
            UNION ALL
            SELECT 'EXECUTE', 'FUNCTION ' || string_agg(quote_ident(p.proname), ', ' ORDER BY p.proname)
            FROM called
            JOIN pg_catalog.pg_proc AS p ON p.proname = called.name
            JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
            WHERE n.nspname = ?
              AND NOT has_function_privilege(p.oid, 'EXECUTE')
            HAVING count(*) > 0
            ORDER BY 2
            """;

    /**
     * The tables of queues as they really are. A policy of row level security that applies but lets no row through
     * cannot be told from here.
     */
    static final String QUEUES = """
            SELECT
                wanted.name,
                c.oid IS NOT NULL AS there,
                coalesce(
                    has_column_privilege(c.oid, 'run_at', 'SELECT')
                        AND has_column_privilege(c.oid, 'leased_until', 'SELECT')
                        AND has_column_privilege(c.oid, 'deadline', 'SELECT')
                        AND has_column_privilege(lease.oid, 'last_id', 'SELECT'),
                    false) AS readable,
                EXISTS (
                    SELECT
                    FROM pg_catalog.pg_attribute AS a
                    JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                    WHERE a.attrelid = c.oid
                      AND a.attname = 'pushed_at'
                      AND pg_get_expr(d.adbin, d.adrelid) LIKE '%pg_queue_wake(%'
                ) AS wakes,
                CASE WHEN c.oid IS NOT NULL AND row_security_active(c.oid) THEN (
                    SELECT string_agg(verbs.verb, ', ' ORDER BY verbs.verb)
                    FROM (VALUES ('SELECT', 'r'), ('UPDATE', 'w'), ('DELETE', 'd')) AS verbs(verb, command)
                    WHERE NOT EXISTS (
                        SELECT
                        FROM pg_catalog.pg_policy AS p
                        WHERE p.polrelid = c.oid
                          AND p.polpermissive
                          AND p.polcmd::text IN (verbs.command, '*')
                          AND EXISTS (
                              SELECT
                              FROM unnest(p.polroles) AS member(role)
                              WHERE member.role = 0 OR pg_has_role(member.role, 'USAGE')
                          )
                    )
                ) END AS hidden_from
            FROM unnest(?::text[]) AS wanted(name)
            LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = ?
            LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = 'queue_' || wanted.name
            LEFT JOIN pg_catalog.pg_class AS lease
                ON lease.relnamespace = n.oid AND lease.relname = 'pg_queue_lease_' || wanted.name
            ORDER BY wanted.name
            """;

    /** For how long the oldest ready job of a queue could have been claimed: what the claim looks for, without its locks. */
    static final String OLDEST_READY = """
            SELECT extract(epoch FROM statement_timestamp() - least(
                (
                    SELECT run_at
                    FROM ${queue}
                    WHERE leased_until IS NULL
                      AND run_at <= statement_timestamp()
                      AND (deadline IS NULL OR deadline > statement_timestamp())
                    ORDER BY run_at
                    LIMIT 1
                ),
                (
                    SELECT leased_until
                    FROM ${queue}
                    WHERE leased_until < statement_timestamp()
                      AND (deadline IS NULL OR deadline > statement_timestamp())
                    ORDER BY leased_until
                    LIMIT 1
                ),
                (
                    SELECT min(until)
                    FROM ${lease}
                    WHERE id >= (SELECT oldest FROM ${lease} ORDER BY id DESC LIMIT 1)
                      AND until < statement_timestamp()
                      AND NOT isempty(jobs)
                ),
                (
                    SELECT CASE WHEN run_at IS NULL THEN pushed_at END
                    FROM ${queue}
                    WHERE id > (SELECT last_id FROM ${lease} ORDER BY id DESC LIMIT 1)
                    ORDER BY id
                    LIMIT 1
                )
            ))::double precision AS age
            """;

    private StatusSql() {}
}
