package io.github.pgqueue.it.schema;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.it.support.NarayanaServices;
import io.github.pgqueue.jta.JtaTransactions;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import javax.sql.DataSource;

/**
 * Uses a manager that migrates for the first time inside a JTA transaction, which has written before and writes after
 * it. Public, and in terms of the JDK, so that any class loader can bring it.
 */
public final class MigrationInTransaction implements BiFunction<DataSource, Map<String, String>, Optional<String>> {

    @Override
    public Optional<String> apply(DataSource dataSource, Map<String, String> settings) {
        JtaTransactions.Builder joining = JtaTransactions.builder(dataSource, NarayanaServices.registry());
        if (settings.containsKey("manager")) {
            joining.transactionManager(NarayanaServices.manager());
        }
        PgQueueConfig config = PgQueueConfig.defaults().withSchemaManagement(SchemaManagement.MIGRATE);
        try (JtaTransactions transactions = joining.build();
                PgQueueManager manager = PgQueueManager.builder(dataSource)
                        .config(config)
                        .transactions(transactions)
                        .build()) {
            return useInTransaction(dataSource, manager);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<String> useInTransaction(DataSource dataSource, PgQueueManager manager) throws Exception {
        TransactionManager transactionManager = NarayanaServices.manager();
        transactionManager.begin();
        Optional<String> error = Optional.empty();
        insert(dataSource, "before");
        try {
            manager.channel("events", String.class).publish("x");
        } catch (PgQueueException e) {
            error = Optional.of(String.valueOf(e.getMessage()));
        }
        insert(dataSource, "after");
        transactionManager.commit();
        return error;
    }

    private static void insert(DataSource dataSource, String text) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO orders VALUES ('" + text + "')");
        }
    }
}
