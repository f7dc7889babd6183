package io.github.pgqueue.internal.schema;

/** Statements that look at the schema, and the few that a migration needs beside the migrations themselves. */
final class SchemaSql {

    /** Where a manager is, and whether it can write there. */
    static final String WHERE = """
            SELECT current_schema() AS schema, pg_is_in_recovery() AS standby
            """;

    /** Whether the schema has been installed. */
    static final String INSTALLED = """
            SELECT EXISTS (
                SELECT
                FROM pg_catalog.pg_class AS c
                JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = 'pg_queue_schema' AND c.relkind = 'r'
            )
            """;

    static final String VERSION = """
            SELECT version, oldest_supported, channel_prefix
            FROM ${schema}.pg_queue_schema
            """;

    /** Whether the schema is there; CREATE SCHEMA IF NOT EXISTS would ask for a right that is not needed then. */
    static final String SCHEMA_EXISTS = """
            SELECT EXISTS (
                SELECT
                FROM pg_catalog.pg_namespace
                WHERE nspname = ?
            )
            """;

    /** Whether the session's role may install into the schema. */
    static final String MAY_CREATE = """
            SELECT has_schema_privilege(?, 'CREATE')
            """;

    static final String CREATE_SCHEMA = """
            CREATE SCHEMA ${schema}
            """;

    /** Lets migrations install into the schema, to the end of the transaction. */
    static final String ENTER_SCHEMA = """
            SELECT set_config('search_path', quote_ident(?) || ', pg_temp', /* is_local */ true)
            """;

    /** Lets whoever had to wait for a turn see what the others did, whatever the default of the data source is. */
    static final String SEE_OTHERS = """
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED
            """;

    /** Lets nodes that start at once take turns, as setup.sql does. */
    static final String TAKE_TURNS = """
            SELECT pg_advisory_xact_lock(hashtextextended('pg_queue migration ' || ?, 0))
            """;

    static final String SET_CHANNEL_PREFIX = """
            SELECT ${schema}.pg_queue_set_channel_prefix(?)
            """;

    private SchemaSql() {}
}
