package io.github.pgqueue.it.support;

import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.nio.file.Path;
import org.jboss.weld.transaction.spi.TransactionServices;

/** Narayana for Weld SE, which has no transactions of its own: transactional observers need it. */
public final class NarayanaServices implements TransactionServices {

    static {
        // Both: one alone leaves a directory of the other in the working directory.
        String store = Path.of("target", "object-store").toAbsolutePath().toString();
        unlessSet("com.arjuna.ats.arjuna.objectstore.objectStoreDir", store);
        unlessSet("ObjectStoreEnvironmentBean.objectStoreDir", store);
        // Nodes of tests that run side by side must not recover each other's transactions.
        String node = "it" + ProcessHandle.current().pid();
        unlessSet("CoreEnvironmentBean.nodeIdentifier", node);
        unlessSet("JTAEnvironmentBean.xaRecoveryNodes", node);
    }

    private static void unlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** The transaction manager of this JVM. */
    public static TransactionManager manager() {
        return com.arjuna.ats.jta.TransactionManager.transactionManager();
    }

    /** Tells and is told about the transactions of the calling thread. */
    public static TransactionSynchronizationRegistry registry() {
        return new TransactionSynchronizationRegistryImple();
    }

    @Override
    public void registerSynchronization(Synchronization synchronization) {
        registry().registerInterposedSynchronization(synchronization);
    }

    @Override
    public boolean isTransactionActive() {
        try {
            int status = manager().getStatus();
            return status == Status.STATUS_ACTIVE
                    || status == Status.STATUS_MARKED_ROLLBACK
                    || status == Status.STATUS_PREPARING;
        } catch (SystemException e) {
            return false;
        }
    }

    @Override
    public UserTransaction getUserTransaction() {
        return com.arjuna.ats.jta.UserTransaction.userTransaction();
    }

    @Override
    public void cleanup() {}
}
