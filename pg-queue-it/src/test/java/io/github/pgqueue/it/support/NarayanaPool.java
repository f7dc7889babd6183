package io.github.pgqueue.it.support;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import io.github.pgqueue.shop.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.Driver;
import org.postgresql.xa.PGXADataSource;

/** The pools that an application server would have. */
public enum NarayanaPool {
    /** Connections take part in the active transaction as its one local resource. */
    LOCAL,
    /** Connections take part in the active transaction as XA resources. */
    XA,
    /** Connections know nothing of transactions. */
    APART;

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Opens a pool over a database; to be closed by the caller. */
    public AgroalDataSource open(Database database) {
        return open(database, 20, Duration.ofSeconds(10));
    }

    /** Opens a pool of some size; a patience of zero waits for a connection for ever, as is the default of Agroal. */
    public AgroalDataSource open(Database database, int size, Duration patience) {
        AgroalDataSourceConfigurationSupplier configuration = new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> {
                    pool.minSize(0)
                            .maxSize(size)
                            .acquisitionTimeout(patience)
                            .exceptionSorter(new PostgreSQLExceptionSorter())
                            .connectionFactoryConfiguration(factory -> factory.jdbcUrl(database.jdbcUrl())
                                    .connectionProviderClass(this == XA ? PGXADataSource.class : Driver.class)
                                    .principal(new NamePrincipal(database.user()))
                                    .credential(new SimplePassword(database.password()))
                                    .recoveryPrincipal(new NamePrincipal(database.user()))
                                    .recoveryCredential(new SimplePassword(database.password())));
                    if (this != APART) {
                        pool.transactionIntegration(new NarayanaTransactionIntegration(
                                NarayanaServices.manager(),
                                NarayanaServices.registry(),
                                "java:pool" + COUNT.incrementAndGet(),
                                /* connectable= */ false,
                                NarayanaRecovery.registry()));
                    }
                    return pool;
                });
        try {
            return AgroalDataSource.from(configuration);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
