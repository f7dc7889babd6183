package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.NotifyMode;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Plain JDBC: every operation takes effect at once, except on a thread that is inside {@link #begin}, which holds the
 * connection of its transaction for as long.
 */
public final class JdbcTransactions implements Transactions {

    /** A transaction that was begun here, and who wants to know how it ends. */
    private record Begun(Connection connection, List<Consumer<Completion>> actions) {}

    private final DataSource dataSource;
    private final NotifyMode notifyMode;

    @SuppressWarnings("ThreadLocalUsage") // one for each manager: a static one would mix their transactions
    private final ThreadLocal<@Nullable Begun> current = new ThreadLocal<>();

    public JdbcTransactions(DataSource dataSource) {
        this(dataSource, NotifyMode.AFTER_COMMIT);
    }

    public JdbcTransactions(DataSource dataSource, NotifyMode notifyMode) {
        this.dataSource = dataSource;
        this.notifyMode = notifyMode;
    }

    @Override
    public boolean active() {
        return current.get() != null;
    }

    @Override
    public <R> R joined(Work<R> work) {
        Begun begun = current.get();
        if (begun == null) {
            return outside(work);
        }
        try {
            return work.on(begun.connection());
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
            Begun begun = new Begun(connection, new ArrayList<>());
            Completion completion = Completion.ROLLED_BACK;
            try {
                R result = inside(begun, work);
                completion = Completion.UNKNOWN;
                connection.commit();
                completion = Completion.COMMITTED;
                return result;
            } catch (Throwable failure) {
                rollback(connection, failure);
                throw failure;
            } finally {
                restore(connection, autocommit);
                Completion ended = completion;
                begun.actions().forEach(action -> action.accept(ended));
            }
        } catch (SQLException e) {
            throw StorageException.of(e);
        }
    }

    private <R> R inside(Begun begun, Work<R> work) throws SQLException {
        current.set(begun);
        try {
            return work.on(begun.connection());
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
        return notifyMode == NotifyMode.AFTER_COMMIT && !active();
    }

    @Override
    public void afterCompletion(Consumer<Completion> action) {
        Begun begun = current.get();
        if (begun == null) {
            throw new IllegalStateException("there is no transaction that could tell when it ends");
        }
        begun.actions().add(action);
    }
}
