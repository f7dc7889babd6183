package io.github.pgqueue.jcache.internal;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.AgroalDataSource.FlushMode;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ExceptionSorter;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A pool of Agroal, for a cache manager that was given a URL instead of a data source. Agroal may be absent: only this
 * class touches it.
 */
final class AgroalPool implements AutoCloseable {

    private static final String DRIVER = "org.postgresql.Driver";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A connection that nobody has used for so long is asked whether it is still there. */
    private static final Duration UNSURE = Duration.ofSeconds(5);

    private final AgroalDataSource pool;

    private AgroalPool(AgroalDataSource pool) {
        this.pool = pool;
    }

    /** Connects to nothing yet. */
    static AgroalPool open(String url, @Nullable String user, @Nullable String password, int size) throws SQLException {
        FlushingSorter sorter = new FlushingSorter();
        AgroalDataSource pool = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .metricsEnabled(false)
                .connectionPoolConfiguration(connections -> connections
                        .initialSize(0)
                        .minSize(0)
                        .maxSize(size)
                        .acquisitionTimeout(PATIENCE)
                        .idleValidationTimeout(UNSURE)
                        .connectionValidator(ConnectionValidator.defaultValidator())
                        .exceptionSorter(sorter)
                        .connectionFactoryConfiguration(factory -> {
                            factory.jdbcUrl(url).connectionProviderClass(driver());
                            if (user != null) {
                                factory.principal(new NamePrincipal(user));
                            }
                            if (password != null) {
                                factory.credential(new SimplePassword(password));
                            }
                            return factory;
                        })));
        sorter.pool.set(pool);
        return new AgroalPool(pool);
    }

    DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }

    /** That of the library's own class path: in the shared library of a server, DriverManager does not know it. */
    private static Class<? extends Driver> driver() {
        try {
            return Class.forName(DRIVER, false, AgroalPool.class.getClassLoader())
                    .asSubclass(Driver.class);
        } catch (ClassNotFoundException e) {
            throw Problems.noDriver(e);
        }
    }

    /** A connection that broke takes the idle ones with it: they have most likely broken too. */
    private static final class FlushingSorter implements ExceptionSorter {

        private final ExceptionSorter sorter = new PostgreSQLExceptionSorter();
        private final AtomicReference<@Nullable AgroalDataSource> pool = new AtomicReference<>();

        @Override
        public boolean isFatal(SQLException failure) {
            boolean fatal = sorter.isFatal(failure);
            AgroalDataSource flushed = fatal ? pool.get() : null;
            if (flushed != null) {
                flushed.flush(FlushMode.IDLE);
            }
            return fatal;
        }
    }
}
