package io.github.pgqueue.jta;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.NotifyMode;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.spi.Transactions;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Joins the JTA transaction of the calling thread. Thread-safe; {@link #close()} ends its few threads.
 *
 * <p>The status is looked at before anything else: an active transaction is joined; without one each operation takes
 * effect at once; whatever has ended or can only be rolled back is refused. On a connection that joined, nothing but the
 * work's own statements runs.
 *
 * <p>Work outside of the caller's transaction runs on the non-transactional data source, if there is one; else the
 * transaction is suspended meanwhile; else, without a transaction manager, on a thread of this object. A new transaction
 * is never begun below an open one.
 */
public final class JtaTransactions implements Transactions, AutoCloseable {

    private final DataSource dataSource;
    private final TransactionSynchronizationRegistry registry;
    private final @Nullable TransactionManager manager;
    private final @Nullable DataSource nonTransactional;
    private final NotifyMode notifyMode;
    private final OutsideThreads threads;

    private JtaTransactions(Builder builder) {
        this.dataSource = builder.dataSource;
        this.registry = builder.registry;
        this.manager = builder.manager;
        this.nonTransactional = builder.nonTransactional;
        this.notifyMode = builder.notifyMode;
        this.threads = new OutsideThreads(builder.threads);
    }

    /**
     * Starts to build.
     *
     * @param dataSource whose connections take part in the active transaction
     * @param registry tells the state of the calling thread's transaction, and what becomes of it
     */
    public static Builder builder(DataSource dataSource, TransactionSynchronizationRegistry registry) {
        return new Builder(dataSource, registry);
    }

    @Override
    public boolean active() {
        int status = status();
        if (status == Status.STATUS_ACTIVE) {
            return true;
        }
        if (status == Status.STATUS_NO_TRANSACTION) {
            return false;
        }
        throw TransactionStateException.notActive(nameOf(status));
    }

    @Override
    public <R> R joined(Work<R> work) {
        return active() ? enlisted(work) : Transactions.autocommit(dataSource, work);
    }

    @Override
    public <R> R outside(Work<R> work) {
        if (nonTransactional != null) {
            return Transactions.autocommit(nonTransactional, work);
        }
        if (status() == Status.STATUS_NO_TRANSACTION) {
            return Transactions.autocommit(dataSource, work);
        }
        if (manager != null) {
            return new Suspension(manager).run(() -> Transactions.autocommit(dataSource, work));
        }
        return threads.run(() -> Transactions.autocommit(dataSource, work));
    }

    /**
     * {@inheritDoc}
     *
     * @throws ConfigurationException PGQ7120 if there is no transaction manager
     * @throws IllegalStateException if a transaction is active
     */
    @Override
    public <R> R begin(Work<R> work) {
        if (manager == null) {
            throw new ConfigurationException(
                    "PGQ7120",
                    "a transaction is to be begun, but no TransactionManager is known; make a TransactionManager bean"
                            + " available, or begin it in the handler with @Transactional");
        }
        if (active()) {
            throw new IllegalStateException("a transaction is to be begun while another one is active");
        }
        return new OwnTransaction(manager).run(() -> enlisted(work));
    }

    @Override
    public boolean deferSignals() {
        return notifyMode == NotifyMode.AFTER_COMMIT;
    }

    /** {@inheritDoc} Actions of one transaction are told in the order in which they were given. */
    @Override
    public void afterCompletion(Consumer<Completion> action) {
        actions().add(action);
    }

    @Override
    public void rollbackUnless(BooleanSupplier mayCommit) {
        actions().require(mayCommit);
    }

    private CompletionActions actions() {
        try {
            CompletionActions actions = (CompletionActions) registry.getResource(this);
            if (actions == null) {
                actions = new CompletionActions(registry);
                registry.registerInterposedSynchronization(actions);
                registry.putResource(this, actions);
            }
            return actions;
        } catch (IllegalStateException e) {
            throw explained(e, TransactionStateException.managerFailed(e));
        }
    }

    /** Ends the threads of this object; what runs on them is finished first. Harmless if repeated. */
    @Override
    public void close() {
        threads.close();
    }

    private <R> R enlisted(Work<R> work) {
        try (Connection connection = dataSource.getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw explained(e, StorageException.of(e));
        }
    }

    /** A transaction that ended meanwhile explains more than the error it caused. */
    private PgQueueException explained(Exception cause, PgQueueException otherwise) {
        int status = status();
        if (status == Status.STATUS_ACTIVE) {
            return otherwise;
        }
        TransactionStateException refused = TransactionStateException.notActive(nameOf(status));
        refused.addSuppressed(cause);
        return refused;
    }

    private int status() {
        try {
            return registry.getTransactionStatus();
        } catch (RuntimeException e) {
            // WildFly and Open Liberty, on a thread that outlives its application.
            throw TransactionStateException.managerFailed(e);
        }
    }

    private static String nameOf(int status) {
        return switch (status) {
            case Status.STATUS_MARKED_ROLLBACK -> "marked for rollback";
            case Status.STATUS_PREPARED, Status.STATUS_PREPARING -> "being prepared";
            case Status.STATUS_COMMITTED -> "committed";
            case Status.STATUS_COMMITTING -> "being committed";
            case Status.STATUS_ROLLEDBACK -> "rolled back";
            case Status.STATUS_ROLLING_BACK -> "being rolled back";
            case Status.STATUS_NO_TRANSACTION -> "over";
            default -> "in an unknown state";
        };
    }

    /** Collects what a {@link JtaTransactions} is made of. Not thread-safe. */
    public static final class Builder {

        private final DataSource dataSource;
        private final TransactionSynchronizationRegistry registry;
        private @Nullable TransactionManager manager;
        private @Nullable DataSource nonTransactional;
        private NotifyMode notifyMode = NotifyMode.AFTER_COMMIT;
        private ThreadFactory threads = OutsideThreads::daemon;

        private Builder(DataSource dataSource, TransactionSynchronizationRegistry registry) {
            this.dataSource = dataSource;
            this.registry = registry;
        }

        /** Suspends and begins transactions; default none: nothing can then be begun. */
        public Builder transactionManager(TransactionManager value) {
            this.manager = value;
            return this;
        }

        /** A data source of the same database whose connections never join; default none. */
        public Builder nonTransactional(DataSource value) {
            this.nonTransactional = value;
            return this;
        }

        /** When signals of a transaction are sent; default {@link NotifyMode#AFTER_COMMIT}. */
        public Builder notifyMode(NotifyMode value) {
            this.notifyMode = value;
            return this;
        }

        /** Makes the threads that run work outside of transactions where it needs some; default daemon threads. */
        public Builder threads(ThreadFactory value) {
            this.threads = value;
            return this;
        }

        /** Makes the transactions. */
        public JtaTransactions build() {
            return new JtaTransactions(this);
        }
    }
}
