package io.github.pgqueue.internal.schema;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.SchemaBinding;
import io.github.pgqueue.internal.jdbc.SchemaName;
import io.github.pgqueue.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Finds the schema of a manager and, as configured, installs it or refuses one that does not fit, in one sentence. */
public final class SchemaCheck implements Supplier<SchemaBinding> {

    /**
     * What a look came to.
     *
     * @param schema its name; null if it has none
     * @param problem why it cannot be used
     */
    public record Found(
            @Nullable SchemaName schema, @Nullable String problem) {}

    private record Place(@Nullable String schema, boolean standby) {}

    private record Installed(int version, int oldestSupported, String channelPrefix) {}

    private final Transactions transactions;
    private final DataSource dataSource;
    private final PgQueueConfig config;

    public SchemaCheck(Transactions transactions, DataSource dataSource, PgQueueConfig config) {
        this.transactions = transactions;
        this.dataSource = dataSource;
        this.config = config;
    }

    @Override
    public SchemaBinding get() {
        Place place = transactions.outside(SchemaCheck::place);
        if (place.standby()) {
            throw SchemaErrors.standby();
        }
        SchemaName schema = name(place);
        if (config.schemaManagement() == SchemaManagement.MIGRATE) {
            new Migrator(transactions, dataSource, schema, config.channelPrefix()).migrate();
        }
        Optional<Installed> installed = transactions.outside(connection -> installed(connection, schema));
        if (config.schemaManagement() != SchemaManagement.NONE) {
            validate(schema, installed.orElseThrow(() -> SchemaErrors.missing(schema)));
        }
        return new SchemaBinding(schema, installed.map(Installed::channelPrefix).orElse(""));
    }

    /** Looks at the schema as it is now, and changes nothing. */
    public Found look(Connection connection) throws SQLException {
        @Nullable SchemaName schema = null;
        try {
            Place place = place(connection);
            if (place.standby()) {
                throw SchemaErrors.standby();
            }
            schema = name(place);
            if (config.schemaManagement() != SchemaManagement.NONE) {
                SchemaName missing = schema;
                validate(schema, installed(connection, schema).orElseThrow(() -> SchemaErrors.missing(missing)));
            }
            return new Found(schema, null);
        } catch (ConfigurationException e) {
            return new Found(schema, String.valueOf(e.getMessage()));
        }
    }

    private static Place place(Connection connection) throws SQLException {
        return Jdbc.single(
                connection,
                SchemaSql.WHERE,
                Jdbc.Binder.NONE,
                row -> new Place(row.getString("schema"), row.getBoolean("standby")));
    }

    private SchemaName name(Place place) {
        String name = config.schema() == null ? place.schema() : config.schema();
        if (name == null) {
            throw SchemaErrors.noSchema();
        }
        return new SchemaName(name);
    }

    /** What a statement says of a schema whose name is its only parameter. */
    static boolean holds(Connection connection, String sql, SchemaName schema) throws SQLException {
        return Jdbc.single(
                connection, sql, statement -> statement.setString(1, schema.value()), row -> row.getBoolean(1));
    }

    /** The version that is installed; 0 if none is. */
    static int version(Connection connection, SchemaName schema) throws SQLException {
        return installed(connection, schema).map(Installed::version).orElse(0);
    }

    /** The channel prefix that is stored; empty if none is. */
    static String channelPrefix(Connection connection, SchemaName schema) throws SQLException {
        return installed(connection, schema).map(Installed::channelPrefix).orElse("");
    }

    private static Optional<Installed> installed(Connection connection, SchemaName schema) throws SQLException {
        if (!holds(connection, SchemaSql.INSTALLED, schema)) {
            return Optional.empty();
        }
        return Optional.of(Jdbc.single(
                connection,
                schema.fill(SchemaSql.VERSION),
                Jdbc.Binder.NONE,
                row -> new Installed(
                        row.getInt("version"), row.getInt("oldest_supported"), row.getString("channel_prefix"))));
    }

    private static void validate(SchemaName schema, Installed installed) {
        int required = Migration.required();
        if (installed.version() < required) {
            throw SchemaErrors.older(schema, installed.version(), required);
        }
        if (installed.oldestSupported() > required) {
            throw SchemaErrors.newer(schema, installed.version(), installed.oldestSupported(), required);
        }
    }
}
