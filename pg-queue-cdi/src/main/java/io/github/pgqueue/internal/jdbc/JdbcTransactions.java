package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Plain JDBC: every operation takes effect at once, except on a thread that is inside {@link #begin}, which holds the
 * connection of its transaction for as long.
 */
public final class JdbcTransactions implements Transactions {

    private final DataSource dataSource;

    @SuppressWarnings("ThreadLocalUsage") // one for each manager: a static one would mix their transactions
    private final ThreadLocal<@Nullable Connection> current = new ThreadLocal<>();

    public JdbcTransactions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public boolean active() {
        return current.get() != null;
    }

    @Override
    public <R> R joined(Work<R> work) {
        Connection connection = current.get();
        if (connection == null) {
            return outside(work);
        }
        try {
            return work.on(connection);
        } catch (SQLException e) {
            throw StorageException.of(e);
        }
    }

    @Override
    public <R> R outside(Work<R> work) {
        return Transactions.autocommit(dataSource, work);
    }

    @Override
    public <R> R begin(Work<R> work) {
        if (current.get() != null) {
            throw new IllegalStateException("begin inside of begin");
        }
        try (Connection connection = dataSource.getConnection()) {
            boolean autocommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                R result = inside(connection, work);
                connection.commit();
                return result;
            } catch (Throwable failure) {
                rollback(connection, failure);
                throw failure;
            } finally {
                restore(connection, autocommit);
            }
        } catch (SQLException e) {
            throw StorageException.of(e);
        }
    }

    private <R> R inside(Connection connection, Work<R> work) throws SQLException {
        current.set(connection);
        try {
            return work.on(connection);
        } finally {
            current.remove();
        }
    }

    private static void rollback(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private static void restore(Connection connection, boolean autocommit) {
        try {
            connection.setAutoCommit(autocommit);
        } catch (SQLException e) {
            // The connection is broken; its pool will find out, and what matters has been thrown already.
            return;
        }
    }

    @Override
    public boolean deferSignals() {
        return false;
    }

    @Override
    public void afterCompletion(Consumer<Completion> action) {
        throw new IllegalStateException("plain JDBC transactions tell nobody when they end");
    }
}
