package io.github.pgqueue.internal.schema;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.SchemaName;
import io.github.pgqueue.spi.Transactions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Installs or upgrades the schema: with Flyway where that is on the class path, else by running the packed migrations
 * in one transaction. Nodes that start at once take turns, and the later ones find nothing left to do.
 */
final class Migrator {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.schema");

    private final Transactions transactions;
    private final DataSource dataSource;
    private final SchemaName schema;
    private final @Nullable String channelPrefix;

    Migrator(
            Transactions transactions, DataSource dataSource, SchemaName schema, @Nullable String channelPrefix) {
        this.transactions = transactions;
        this.dataSource = dataSource;
        this.schema = schema;
        this.channelPrefix = channelPrefix;
    }

    void migrate() {
        int before = transactions.outside(connection -> SchemaCheck.version(connection, schema));
        if (before < Migration.required()) {
            install();
            LOG.log(Level.INFO, "schema {0} went from version {1} to {2}", schema.value(), before, Migration.required());
        }
        if (channelPrefix != null) {
            setChannelPrefix(channelPrefix);
        }
    }

    private void install() {
        try {
            if (flywayIsThere()) {
                FlywayMigration.run(dataSource, schema);
            } else {
                transactions.begin(connection -> {
                    runAll(connection);
                    return true;
                });
            }
        } catch (StorageException e) {
            throw SchemaErrors.migrationFailed(schema, e);
        }
    }

    private void runAll(Connection connection) throws SQLException {
        bind(connection, SchemaSql.TAKE_TURNS, schema.value());
        try (Statement statement = connection.createStatement()) {
            statement.execute(schema.fill(SchemaSql.CREATE_SCHEMA));
            bind(connection, SchemaSql.ENTER_SCHEMA, schema.value());
            int version = SchemaCheck.version(connection, schema);
            for (Migration migration : Migration.ALL) {
                if (migration.version() > version) {
                    statement.execute(migration.sql());
                }
            }
        }
    }

    private void setChannelPrefix(String prefix) {
        transactions.outside(connection -> {
            bind(connection, schema.fill(SchemaSql.SET_CHANNEL_PREFIX), prefix);
            return true;
        });
    }

    private static void bind(Connection connection, String sql, String value) throws SQLException {
        Jdbc.query(connection, sql, statement -> statement.setString(1, value), row -> true);
    }

    private static boolean flywayIsThere() {
        try {
            Class.forName("org.flywaydb.core.Flyway", false, Migrator.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
