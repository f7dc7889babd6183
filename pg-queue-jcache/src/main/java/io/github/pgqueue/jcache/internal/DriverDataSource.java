package io.github.pgqueue.jcache.internal;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * New connections to a URL. The driver is taken from the class path of the library itself: in the shared library of a
 * server, DriverManager does not know it. Thread-safe.
 */
final class DriverDataSource implements DataSource {

    private static final String DRIVER = "org.postgresql.Driver";

    private final String url;
    private final Properties credentials = new Properties();

    DriverDataSource(String url, @Nullable String user, @Nullable String password) {
        this.url = url;
        if (user != null) {
            credentials.setProperty("user", user);
        }
        if (password != null) {
            credentials.setProperty("password", password);
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = driver().connect(url, credentials);
        if (connection == null) {
            throw new SQLException("the URL is not one of PostgreSQL; it begins with jdbc:postgresql:", "08001");
        }
        return connection;
    }

    private static Driver driver() throws SQLException {
        try {
            return Class.forName(DRIVER, true, DriverDataSource.class.getClassLoader())
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new SQLException("the driver of PostgreSQL is not beside the cache provider", "08001", e);
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return new DriverDataSource(url, user, password).getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public int getLoginTimeout() {
        return DriverManager.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("this wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
