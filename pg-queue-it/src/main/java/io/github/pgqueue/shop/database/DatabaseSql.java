package io.github.pgqueue.shop.database;

/** Every statement of this package; {@code %s} takes quoted identifiers only. */
final class DatabaseSql {

    /** From template0, which nobody can have put anything into. */
    static final String CREATE_EMPTY = """
            CREATE DATABASE %s TEMPLATE template0""";

    /** A copy of a database to which nobody is connected. */
    static final String CREATE_COPY = """
            CREATE DATABASE %s TEMPLATE %s""";

    /** With the sessions that are still in it. */
    static final String DROP = """
            DROP DATABASE IF EXISTS %s WITH (FORCE)""";

    /** The version in the server's words. */
    static final String VERSION = """
            SHOW server_version""";

    /** Tells one embedded server from another. */
    static final String DATA_DIRECTORY = """
            SHOW data_directory""";

    private DatabaseSql() {}

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
