package io.github.pgqueue.jta;

import io.github.pgqueue.spi.Transactions.Completion;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells all actions of one transaction, in the order in which they were added, how it ended: transaction managers promise
 * no order among synchronizations, and Narayana reverses it. Never throws: that would disturb the transaction manager.
 */
final class CompletionActions implements Synchronization {

    private static final System.Logger LOG = System.getLogger("io.github.pgqueue.jta");

    private final TransactionSynchronizationRegistry registry;
    private final List<Consumer<Completion>> actions = new ArrayList<>();
    private final List<BooleanSupplier> conditions = new ArrayList<>();
    private @Nullable Completion completion;

    CompletionActions(TransactionSynchronizationRegistry registry) {
        this.registry = registry;
    }

    /** Tells the action at once if the transaction has ended meanwhile, as a timeout on another thread makes it do. */
    void add(Consumer<Completion> action) {
        @Nullable Completion ended;
        synchronized (actions) {
            ended = completion;
            if (ended == null) {
                actions.add(action);
            }
        }
        if (ended != null) {
            tell(action, ended);
        }
    }

    /** The transaction is committed only if this holds just before. */
    void require(BooleanSupplier condition) {
        synchronized (actions) {
            conditions.add(condition);
        }
    }

    @Override
    public void beforeCompletion() {
        List<BooleanSupplier> asked;
        synchronized (actions) {
            asked = List.copyOf(conditions);
        }
        if (!asked.stream().allMatch(BooleanSupplier::getAsBoolean)) {
            registry.setRollbackOnly();
        }
    }

    @Override
    public void afterCompletion(int status) {
        Completion ended = completion(status);
        List<Consumer<Completion>> told;
        synchronized (actions) {
            completion = ended;
            told = List.copyOf(actions);
        }
        told.forEach(action -> tell(action, ended));
    }

    private static void tell(Consumer<Completion> action, Completion ended) {
        try {
            action.accept(ended);
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
