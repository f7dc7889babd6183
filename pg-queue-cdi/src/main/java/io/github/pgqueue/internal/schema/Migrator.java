package io.github.pgqueue.internal.schema;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.JdbcTransactions;
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

    /** Statements that make nothing. */
    @FunctionalInterface
    private interface Step {
        void on(Connection connection) throws SQLException;
    }

    private static final Logger LOG = System.getLogger("io.github.pgqueue.schema");

    private final Transactions transactions;
    private final DataSource dataSource;
    private final SchemaName schema;
    private final @Nullable String channelPrefix;

    Migrator(Transactions transactions, DataSource dataSource, SchemaName schema, @Nullable String channelPrefix) {
        this.transactions = transactions;
        this.dataSource = dataSource;
        this.schema = schema;
        this.channelPrefix = channelPrefix;
    }

    void migrate() {
        int before = transactions.outside(connection -> SchemaCheck.version(connection, schema));
        if (before < Migration.required()) {
            install();
            LOG.log(
                    Level.INFO,
                    "schema {0} went from version {1} to {2}",
                    schema.value(),
                    before,
                    Migration.required());
        }
        if (channelPrefix != null) {
            setChannelPrefix(channelPrefix);
        }
    }

    private void install() {
        try {
            if (transactions.active()) {
                // What begins and commits transactions of its own must not meet the caller's.
                transactions.outside(suspended -> {
                    installAlone();
                    return true;
                });
            } else {
                installAlone();
            }
        } catch (StorageException e) {
            throw SchemaErrors.migrationFailed(schema, e);
        }
    }

    private void installAlone() {
        if (flywayIsThere()) {
            inTurn(this::createSchema);
            // Flyway's own lock comes too late for those who make its table at the same time.
            inTurn(connection -> {
                if (SchemaCheck.version(connection, schema) < Migration.required()) {
                    FlywayMigration.run(dataSource, schema);
                }
            });
        } else {
            inTurn(connection -> {
                createSchema(connection);
                runAll(connection);
            });
        }
    }

    /** Runs a step in a transaction, while no other node runs one. */
    private void inTurn(Step step) {
        new JdbcTransactions(dataSource).begin(connection -> {
            execute(connection, SchemaSql.SEE_OTHERS);
            bind(connection, SchemaSql.TAKE_TURNS, schema.value());
            step.on(connection);
            return true;
        });
    }

    private void createSchema(Connection connection) throws SQLException {
        if (!SchemaCheck.holds(connection, SchemaSql.SCHEMA_EXISTS, schema)) {
            execute(connection, schema.fill(SchemaSql.CREATE_SCHEMA));
        } else if (!SchemaCheck.holds(connection, SchemaSql.MAY_CREATE, schema)) {
            throw SchemaErrors.notAllowed(schema);
        }
    }

    private void runAll(Connection connection) throws SQLException {
        bind(connection, SchemaSql.ENTER_SCHEMA, schema.value());
        int version = SchemaCheck.version(connection, schema);
        for (Migration migration : Migration.ALL) {
            if (migration.version() > version) {
                execute(connection, migration.sql());
            }
        }
    }

    /** Only its owner may set the prefix, so a schema that has it already is left alone. */
    private void setChannelPrefix(String prefix) {
        transactions.outside(connection -> {
            if (!SchemaCheck.channelPrefix(connection, schema).equals(prefix)) {
                bind(connection, schema.fill(SchemaSql.SET_CHANNEL_PREFIX), prefix);
            }
            return true;
        });
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
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
