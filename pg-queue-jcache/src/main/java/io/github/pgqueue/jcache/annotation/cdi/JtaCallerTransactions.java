package io.github.pgqueue.jcache.annotation.cdi;

import io.github.pgqueue.jcache.annotation.CallerTransactions;
import io.github.pgqueue.jcache.annotation.PendingChanges;
import io.github.pgqueue.spi.Transactions.Completion;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * The JTA transactions of callers. The registry is found as a bean, else by its names in JNDI. In a transaction, the
 * changes of this application are a resource whose key is this object: another application has another one.
 */
final class JtaCallerTransactions implements CallerTransactions {

    /** In an EAR, WildFly has no {@code java:comp} when the application starts. */
    private static final List<String> NAMES = List.of(
            "java:comp/TransactionSynchronizationRegistry",
            "java:jboss/TransactionSynchronizationRegistry",
            "java:appserver/TransactionSynchronizationRegistry");

    private final TransactionSynchronizationRegistry registry;

    private JtaCallerTransactions(TransactionSynchronizationRegistry registry) {
        this.registry = registry;
    }

    static CallerTransactions find(Beans beans) {
        Optional<TransactionSynchronizationRegistry> registry = beans.find(TransactionSynchronizationRegistry.class)
                .or(() -> NAMES.stream().flatMap(JtaCallerTransactions::lookup).findFirst());
        return registry.isPresent() ? new JtaCallerTransactions(registry.get()) : NONE;
    }

    @SuppressWarnings("BanJNDI") // the names are constants
    private static Stream<TransactionSynchronizationRegistry> lookup(String name) {
        try {
            return new InitialContext().lookup(name) instanceof TransactionSynchronizationRegistry found
                    ? Stream.of(found)
                    : Stream.empty();
        } catch (NamingException e) {
            return Stream.empty();
        }
    }

    @Override
    public State state() {
        try {
            return switch (registry.getTransactionStatus()) {
                case Status.STATUS_NO_TRANSACTION, Status.STATUS_COMMITTED -> State.NONE;
                case Status.STATUS_ACTIVE -> State.ACTIVE;
                default -> State.DOOMED;
            };
        } catch (RuntimeException e) {
            // WildFly and Open Liberty, on a thread that outlives its application.
            return State.DOOMED;
        }
    }

    @Override
    public PendingChanges changes(Supplier<PendingChanges> none) {
        PendingChanges made = none.get();
        try {
            if (registry.getResource(this) instanceof PendingChanges known) {
                return known;
            }
            registry.registerInterposedSynchronization(new End(made));
            registry.putResource(this, made);
        } catch (IllegalStateException e) {
            // The transaction has just ended, by its timeout: nobody tells these changes, and they are dropped.
            return made;
        }
        return made;
    }

    private record End(PendingChanges changes) implements Synchronization {

        @Override
        public void beforeCompletion() {}

        /** Open Liberty reports STATUS_UNKNOWN for a commit whose answer was lost. */
        @Override
        public void afterCompletion(int status) {
            changes.ended(
                    switch (status) {
                        case Status.STATUS_COMMITTED -> Completion.COMMITTED;
                        case Status.STATUS_ROLLEDBACK -> Completion.ROLLED_BACK;
                        default -> Completion.UNKNOWN;
                    });
        }
    }
}
