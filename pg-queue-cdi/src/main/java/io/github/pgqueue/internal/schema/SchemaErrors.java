package io.github.pgqueue.internal.schema;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.internal.jdbc.SchemaName;
import java.sql.SQLException;

/** What can be wrong with a schema, each with its remedy. */
final class SchemaErrors {

    private static final String REMEDY =
            "run psql -f migrations/setup.sql on the database, or set pg-queue.schema-management=migrate";

    private SchemaErrors() {}

    static ConfigurationException noSchema() {
        return new ConfigurationException(
                "PGQ7001",
                "the connection has no current schema: none of its search_path exists; create one, or set"
                        + " pg-queue.schema");
    }

    static ConfigurationException missing(SchemaName schema) {
        return new ConfigurationException(
                "PGQ7005", "pg-queue is not installed in schema '" + schema.value() + "'; " + REMEDY);
    }

    static ConfigurationException older(SchemaName schema, int version, int required) {
        return new ConfigurationException(
                "PGQ7006", has(schema, version) + ", but this jar needs " + required + "; " + REMEDY);
    }

    static ConfigurationException newer(SchemaName schema, int version, int oldestSupported, int required) {
        return new ConfigurationException(
                "PGQ7007",
                has(schema, version) + ", which needs a jar made for version " + oldestSupported
                        + " or later, but this jar was made for version " + required + "; upgrade the jar");
    }

    private static String has(SchemaName schema, int version) {
        return "schema '" + schema.value() + "' has version " + version + " of pg-queue";
    }

    static ConfigurationException standby() {
        return new ConfigurationException(
                "PGQ7008", "the database is a standby, where nothing can be written; connect to the primary");
    }

    static ConfigurationException migrationFailed(SchemaName schema, Exception cause) {
        return new ConfigurationException(
                "PGQ7009",
                "pg-queue could not be installed in schema '" + schema.value() + "': " + reason(cause)
                        + "; nothing was installed; remove the cause, or let the owner of the schema run psql -f"
                        + " migrations/setup.sql",
                cause);
    }

    static ConfigurationException notAllowed(SchemaName schema) {
        return new ConfigurationException(
                "PGQ7009",
                "pg-queue could not be installed in schema '" + schema.value() + "': permission denied for schema "
                        + schema.value() + "; grant CREATE on it, or let its owner run psql -f migrations/setup.sql");
    }

    /** What the database said is worth more than what was made of it on the way. */
    private static String reason(Exception failure) {
        Throwable deepest = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                deepest = cause;
            }
        }
        return String.valueOf(deepest.getMessage())
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("no reason given")
                .strip();
    }
}
