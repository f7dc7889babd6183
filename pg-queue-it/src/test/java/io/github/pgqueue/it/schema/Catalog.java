package io.github.pgqueue.it.schema;

import io.github.pgqueue.it.support.TestDatabase;
import java.util.List;

/** What is in a schema, told by the catalog of the server. */
final class Catalog {

    private static final String NAMES = """
            SELECT coalesce(string_agg(name, ' ' ORDER BY name), '')
            FROM (
                SELECT c.relname AS name
                FROM pg_class AS c
                WHERE c.relnamespace = '%1$s'::regnamespace AND c.relkind IN ('r', 'v', 'S', 'i')
                UNION ALL
                SELECT p.proname
                FROM pg_proc AS p
                WHERE p.pronamespace = '%1$s'::regnamespace
            ) AS named
            """;

    /** Everything but oids, and but Flyway's own table. */
    private static final String DESCRIPTION = """
            SELECT string_agg(fact, E'\\n' ORDER BY fact)
            FROM (
                SELECT pg_get_functiondef(p.oid) || coalesce(p.proacl::text, 'no acl') AS fact
                FROM pg_proc AS p
                WHERE p.pronamespace = '%1$s'::regnamespace
                UNION ALL
                SELECT concat_ws(' ', c.relname, c.relkind, c.relpersistence, c.reloptions::text, c.relacl::text)
                FROM pg_class AS c
                WHERE c.relnamespace = '%1$s'::regnamespace
                UNION ALL
                SELECT concat_ws(' ', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
                                 a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
                FROM pg_class AS c
                JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
                LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
                WHERE c.relnamespace = '%1$s'::regnamespace
                UNION ALL
                SELECT concat_ws(' ', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
                FROM pg_constraint AS c
                WHERE c.connamespace = '%1$s'::regnamespace
                UNION ALL
                SELECT pg_get_indexdef(i.indexrelid)
                FROM pg_index AS i
                JOIN pg_class AS c ON c.oid = i.indexrelid
                WHERE c.relnamespace = '%1$s'::regnamespace
                UNION ALL
                SELECT pg_get_triggerdef(t.oid)
                FROM pg_trigger AS t
                JOIN pg_class AS c ON c.oid = t.tgrelid
                WHERE c.relnamespace = '%1$s'::regnamespace
            ) AS facts
            WHERE fact NOT LIKE '%%pg_queue_history%%'
            """;

    private Catalog() {}

    /** The names of tables, views, sequences, indexes and functions. */
    static List<String> names(TestDatabase database, String schema) {
        String names = database.text(NAMES.formatted(schema));
        return names.isEmpty() ? List.of() : List.of(names.split(" "));
    }

    /** Definitions and rights, to be compared with others. */
    static String describe(TestDatabase database, String schema) {
        return database.text(DESCRIPTION.formatted(schema));
    }
}
