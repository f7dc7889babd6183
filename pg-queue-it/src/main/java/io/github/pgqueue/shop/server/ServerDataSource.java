package io.github.pgqueue.shop.server;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * The container's data source as a bean, for the shop and for the library alike. Its name in JNDI is
 * {@code pg-queue.datasource}; if that is not set, it is the data source {@code pgq} under the names that the servers
 * have for it.
 *
 * <p>Looked up when it is first used, and again as long as it is not there: some servers bind the data sources of an
 * application later than they start its beans.
 */
@ApplicationScoped
public class ServerDataSource implements DataSource {

    private static final String KEY = "pg-queue.datasource";

    /** WildFly; an application's own on Payara and the others; Payara and Open Liberty. */
    private static final List<String> NAMES = List.of("java:jboss/datasources/pgq", "java:app/jdbc/pgq", "jdbc/pgq");

    private volatile @Nullable DataSource found;

    @Override
    public Connection getConnection() throws SQLException {
        return find().getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return find().getConnection(user, password);
    }

    @Override
    public @Nullable PrintWriter getLogWriter() throws SQLException {
        return find().getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        find().setLogWriter(out);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return find().getLoginTimeout();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        find().setLoginTimeout(seconds);
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : find().unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || find().isWrapperFor(type);
    }

    private DataSource find() throws SQLException {
        DataSource known = found;
        if (known == null) {
            known = lookUp();
            found = known;
        }
        return known;
    }

    private static DataSource lookUp() throws SQLException {
        List<String> names = ConfigProvider.getConfig()
                .getOptionalValue(KEY, String.class)
                .map(List::of)
                .orElse(NAMES);
        for (String name : names) {
            Optional<DataSource> dataSource = lookUp(name);
            if (dataSource.isPresent()) {
                return dataSource.get();
            }
        }
        throw new SQLException("There is no data source " + String.join(", ", names)
                + " in JNDI: make one on the server, or name yours with " + KEY + ".");
    }

    @SuppressWarnings("BanJNDI") // the names are constants, or configured by whoever deploys
    private static Optional<DataSource> lookUp(String name) {
        try {
            return new InitialContext().lookup(name) instanceof DataSource dataSource
                    ? Optional.of(dataSource)
                    : Optional.empty();
        } catch (NamingException e) {
            return Optional.empty();
        }
    }
}
