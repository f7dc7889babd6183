package io.github.pgqueue.it.schema;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.SchemaManagement;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import javax.sql.DataSource;

/** Starts and stops a manager that migrates. Public, and in terms of the JDK, so that any class loader can bring it. */
public final class Migration implements BiFunction<DataSource, Map<String, String>, Optional<String>> {

    @Override
    public Optional<String> apply(DataSource dataSource, Map<String, String> settings) {
        PgQueueConfig config = PgQueueConfig.defaults().withSchemaManagement(SchemaManagement.MIGRATE);
        String schema = settings.get("schema");
        String prefix = settings.get("prefix");
        config = schema == null ? config : config.withSchema(schema);
        config = prefix == null ? config : config.withChannelPrefix(prefix);
        try (PgQueueManager manager =
                PgQueueManager.builder(dataSource).config(config).build()) {
            manager.start();
            return Optional.empty();
        } catch (PgQueueException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
