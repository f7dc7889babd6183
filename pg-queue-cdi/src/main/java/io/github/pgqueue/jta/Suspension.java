package io.github.pgqueue.jta;

import io.github.pgqueue.TransactionStateException;
import jakarta.transaction.InvalidTransactionException;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes the transaction of the calling thread away from it for as long as something runs. */
record Suspension(TransactionManager manager) {

    <R> R run(Supplier<R> action) {
        Transaction suspended = suspend();
        R result;
        try {
            result = action.get();
        } catch (RuntimeException | Error e) {
            try {
                resume(suspended);
            } catch (TransactionStateException lost) {
                e.addSuppressed(lost);
            }
            throw e;
        }
        resume(suspended);
        return result;
    }

    private @Nullable Transaction suspend() {
        try {
            return manager.suspend();
        } catch (SystemException e) {
            throw TransactionStateException.managerFailed(e);
        }
    }

    private void resume(@Nullable Transaction suspended) {
        if (suspended == null) {
            return;
        }
        try {
            manager.resume(suspended);
        } catch (InvalidTransactionException | SystemException | IllegalStateException e) {
            throw TransactionStateException.managerFailed(e);
        }
    }
}
