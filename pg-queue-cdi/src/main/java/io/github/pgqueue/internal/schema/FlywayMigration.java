package io.github.pgqueue.internal.schema;

import io.github.pgqueue.internal.jdbc.SchemaName;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Runs the packed migrations with Flyway. The only class that needs Flyway on the class path. */
final class FlywayMigration {

    private FlywayMigration() {}

    static void run(DataSource dataSource, SchemaName schema) {
        try {
            Flyway.configure(FlywayMigration.class.getClassLoader())
                    .dataSource(dataSource)
                    .locations("classpath:" + Migration.LOCATION)
                    .schemas(schema.value())
                    .defaultSchema(schema.value())
                    .table("pg_queue_history")
                    // The schema may hold the application's tables, and what setup.sql installed before: the
                    // migrations are idempotent.
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    // all or none
                    .group(true)
                    .outputQueryResults(false)
                    .placeholderReplacement(false)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw SchemaErrors.migrationFailed(schema, e);
        }
    }
}
