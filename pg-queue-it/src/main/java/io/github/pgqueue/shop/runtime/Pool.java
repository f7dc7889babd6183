package io.github.pgqueue.shop.runtime;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.SQLException;
import java.time.Duration;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.postgresql.Driver;

/** Makes the data source that a server would have: pooled, and its connections take part in JTA transactions. */
@ApplicationScoped
public class Pool {

    private static final int MAX_SIZE = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Produces
    @ApplicationScoped
    AgroalDataSource open(TransactionManager manager, TransactionSynchronizationRegistry registry) throws SQLException {
        Config config = ConfigProvider.getConfig();
        AgroalDataSourceConfigurationSupplier settings = new AgroalDataSourceConfigurationSupplier();
        settings.connectionPoolConfiguration()
                .maxSize(MAX_SIZE)
                .acquisitionTimeout(PATIENCE)
                .exceptionSorter(new PostgreSQLExceptionSorter())
                .transactionIntegration(new NarayanaTransactionIntegration(manager, registry))
                .connectionFactoryConfiguration()
                .connectionProviderClass(Driver.class)
                .jdbcUrl(config.getValue(NodeSettings.URL, String.class))
                .principal(new NamePrincipal(config.getValue(NodeSettings.USER, String.class)))
                .credential(new SimplePassword(config.getOptionalValue(NodeSettings.PASSWORD, String.class)
                        .orElse("")))
                .jdbcProperty("currentSchema", config.getValue(NodeSettings.SCHEMA, String.class));
        return AgroalDataSource.from(settings);
    }

    void close(@Disposes AgroalDataSource pool) {
        pool.close();
    }
}
