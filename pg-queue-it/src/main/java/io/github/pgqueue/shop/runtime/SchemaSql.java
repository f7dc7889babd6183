package io.github.pgqueue.shop.runtime;

/** The statements about the schema of a run; its name, of our own making, needs no quotes. */
final class SchemaSql {

    /** Creates the schema and makes it the current one for the statements that follow. */
    static String create(String schema) {
        return "CREATE SCHEMA " + schema + "; SET search_path = " + schema + ";";
    }

    static String drop(String schema) {
        return "DROP SCHEMA " + schema + " CASCADE";
    }

    private SchemaSql() {}
}
