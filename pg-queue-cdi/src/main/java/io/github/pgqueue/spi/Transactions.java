package io.github.pgqueue.spi;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.TransactionStateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * The only place that knows how an operation joins a transaction, or stays out of it. Thread-safe.
 *
 * <p>Work is one or a few statements. It must not keep the connection, and never commits, rolls back or changes its
 * autocommit mode. An {@link SQLException} of the work is thrown as {@link StorageException}.
 */
public interface Transactions {

    /** What became of a transaction, as far as its manager tells. A hint: the rows decide. */
    enum Completion {
        COMMITTED,
        ROLLED_BACK,
        UNKNOWN
    }

    /**
     * Statements on a connection.
     *
     * @param <R> the result
     */
    @FunctionalInterface
    interface Work<R> {
        R on(Connection connection) throws SQLException;
    }

    /**
     * Whether the calling thread has a transaction that {@link #joined} would join.
     *
     * @throws TransactionStateException if there is one that cannot commit any more
     */
    boolean active();

    /**
     * Runs the work in the transaction of the calling thread, or so that it takes effect at once if there is none.
     *
     * @throws TransactionStateException if there is a transaction that cannot commit any more; nothing was run
     */
    <R> R joined(Work<R> work);

    /** Runs the work outside of the caller's transaction, whatever state that is in; it takes effect at once. */
    <R> R outside(Work<R> work);

    /**
     * Runs the work in a new transaction, which is committed when the work returns and rolled back when it throws. On
     * this thread {@link #joined} then joins that transaction. Not to be called with an active transaction.
     */
    <R> R begin(Work<R> work);

    /**
     * Whether NOTIFY must not run inside the active transaction, but after its commit. Without one: whether a push, which is
     * a transaction of its own then, wakes workers afterwards.
     */
    boolean deferSignals();

    /** Is told once, on any thread, how the active transaction ended. The action must be short and must not throw. */
    void afterCompletion(Consumer<Completion> action);

    /**
     * Asks, on the thread that commits the active transaction and just before it does, whether it may; otherwise the
     * transaction is rolled back. Where transactions cannot be asked, nothing happens.
     */
    default void rollbackUnless(BooleanSupplier mayCommit) {}

    /** Runs the work on a connection of its own in autocommit mode, whatever mode the pool hands out. */
    static <R> R autocommit(DataSource dataSource, Work<R> work) {
        try (Connection connection = dataSource.getConnection()) {
            if (connection.getAutoCommit()) {
                return work.on(connection);
            }
            connection.setAutoCommit(true);
            try {
                return work.on(connection);
            } finally {
                connection.setAutoCommit(false);
            }
        } catch (SQLException e) {
            throw StorageException.of(e);
        }
    }
}
