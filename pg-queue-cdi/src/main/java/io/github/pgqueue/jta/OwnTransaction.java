package io.github.pgqueue.jta;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.TransactionStateException;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One transaction that the library begins and ends around some work. */
record OwnTransaction(TransactionManager manager) {

    <R> R run(Supplier<R> work) {
        begin();
        R result;
        try {
            result = work.get();
        } catch (RuntimeException | Error e) {
            rollback(e);
            throw e;
        }
        commit();
        return result;
    }

    private void begin() {
        try {
            manager.begin();
        } catch (NotSupportedException | SystemException e) {
            throw TransactionStateException.managerFailed(e);
        }
    }

    private void commit() {
        try {
            if (manager.getStatus() == Status.STATUS_MARKED_ROLLBACK) {
                manager.rollback();
                throw TransactionStateException.notActive("marked for rollback");
            }
            manager.commit();
        } catch (RollbackException | HeuristicRollbackException e) {
            throw rolledBack(e);
        } catch (HeuristicMixedException | SystemException e) {
            throw StorageException.of(new SQLException("the outcome of the commit is unknown", "08007", e));
        } catch (IllegalStateException e) {
            throw rolledBack(e);
        }
    }

    private void rollback(Throwable reason) {
        try {
            if (manager.getStatus() != Status.STATUS_NO_TRANSACTION) {
                manager.rollback();
            }
        } catch (SystemException | IllegalStateException e) {
            reason.addSuppressed(e);
        }
    }

    /** The database's own reason is kept where the transaction manager tells it. */
    private static RuntimeException rolledBack(Exception e) {
        SQLException reason = sqlCause(e);
        if (reason != null) {
            return StorageException.of(reason);
        }
        TransactionStateException rolledBack = TransactionStateException.notActive("rolled back");
        rolledBack.addSuppressed(e);
        return rolledBack;
    }

    private static @Nullable SQLException sqlCause(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
