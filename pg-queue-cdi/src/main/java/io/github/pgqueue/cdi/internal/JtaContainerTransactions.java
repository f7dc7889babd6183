package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.NotifyMode;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.jta.JtaTransactions;
import io.github.pgqueue.spi.Transactions;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Found as beans, else by their JNDI names. There is no portable name of the transaction manager: WildFly, Payara and
 * Open Liberty each have their own.
 */
final class JtaContainerTransactions implements ContainerTransactions {

    /** In an EAR, WildFly has no {@code java:comp} when the application starts. */
    private static final List<String> REGISTRIES =
            List.of("java:comp/TransactionSynchronizationRegistry", "java:jboss/TransactionSynchronizationRegistry");

    private static final List<String> MANAGERS = List.of(
            "java:jboss/TransactionManager", "java:appserver/TransactionManager", "java:comp/TransactionManager");

    private static final List<String> USER_TRANSACTIONS =
            List.of("java:comp/UserTransaction", "java:jboss/UserTransaction");

    private final JtaTransactions transactions;
    private final @Nullable TransactionManager manager;

    private JtaContainerTransactions(JtaTransactions transactions, @Nullable TransactionManager manager) {
        this.transactions = transactions;
        this.manager = manager;
    }

    /** Empty where nobody manages transactions. */
    static Optional<ContainerTransactions> find(
            BeanManager beans,
            DataSource dataSource,
            @Nullable DataSource nonTransactional,
            NotifyMode notifyMode,
            @Nullable ThreadFactory threads) {
        Optional<TransactionManager> manager = find(beans, TransactionManager.class, MANAGERS);
        Optional<TransactionSynchronizationRegistry> registry =
                find(beans, TransactionSynchronizationRegistry.class, REGISTRIES);
        if (registry.isEmpty()) {
            if (manager.isPresent()
                    || find(USER_TRANSACTIONS, UserTransaction.class).isPresent()) {
                throw DeploymentErrors.noSynchronizationRegistry(REGISTRIES);
            }
            return Optional.empty();
        }
        JtaTransactions.Builder builder =
                JtaTransactions.builder(dataSource, registry.get()).notifyMode(notifyMode);
        if (nonTransactional != null) {
            builder.nonTransactional(nonTransactional);
        }
        if (threads != null) {
            builder.threads(threads);
        }
        manager.ifPresent(builder::transactionManager);
        return Optional.of(new JtaContainerTransactions(builder.build(), manager.orElse(null)));
    }

    private static <T> Optional<T> find(BeanManager beans, Class<T> type, List<String> names) {
        return OptionalBeans.find(beans, type).or(() -> find(names, type));
    }

    private static <T> Optional<T> find(List<String> names, Class<T> type) {
        return names.stream().flatMap(name -> Jndi.lookup(name, type).stream()).findFirst();
    }

    @Override
    public Optional<Transactions> joined() {
        return Optional.of(transactions);
    }

    @Override
    public boolean rollbackForgotten() {
        try {
            if (manager == null || manager.getStatus() == Status.STATUS_NO_TRANSACTION) {
                return false;
            }
            manager.rollback();
            return true;
        } catch (SystemException | IllegalStateException e) {
            throw TransactionStateException.managerFailed(e);
        }
    }

    @Override
    public void close() {
        transactions.close();
    }
}
