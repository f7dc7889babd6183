package io.github.pgqueue.jta;

import io.github.pgqueue.spi.Transactions.Completion;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** Tells one action how the transaction ended. Never throws: that would disturb the transaction manager. */
final class CompletionCallback implements Synchronization {

    private static final System.Logger LOG = System.getLogger("io.github.pgqueue.jta");

    private final Consumer<Completion> action;

    CompletionCallback(Consumer<Completion> action) {
        this.action = action;
    }

    @Override
    public void beforeCompletion() {}

    @Override
    public void afterCompletion(int status) {
        try {
            action.accept(completion(status));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "what was to happen after a transaction failed", e);
        }
    }

    /** Open Liberty reports STATUS_UNKNOWN for a commit whose answer was lost. */
    private static Completion completion(int status) {
        return switch (status) {
            case Status.STATUS_COMMITTED -> Completion.COMMITTED;
            case Status.STATUS_ROLLEDBACK -> Completion.ROLLED_BACK;
            default -> Completion.UNKNOWN;
        };
    }
}
