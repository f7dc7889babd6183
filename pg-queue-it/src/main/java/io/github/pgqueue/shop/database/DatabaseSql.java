package io.github.pgqueue.shop.database;

import java.util.Arrays;
import java.util.Locale;

/** Every statement of this package; {@code %s} is the place of an identifier. */
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

    /** The statement with these identifiers, quoted, in its places. */
    static String of(String sql, String... identifiers) {
        Object[] quoted = Arrays.stream(identifiers)
                .map(identifier -> '"' + identifier.replace("\"", "\"\"") + '"')
                .toArray();
        return String.format(Locale.ROOT, sql, quoted);
    }
}
