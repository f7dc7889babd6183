package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.NotifyMode;
import io.github.pgqueue.spi.Transactions;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The transactions that the container manages, or that it manages none. */
interface ContainerTransactions extends AutoCloseable {

    /** What operations join; empty if there is nothing but plain JDBC. */
    Optional<Transactions> joined();

    /** Rolls back what is still open on the calling thread; false if nothing is. */
    boolean rollbackForgotten();

    @Override
    void close();

    /** Looks for them; the API of JTA need not be there. */
    static ContainerTransactions find(
            BeanManager beans,
            DataSource dataSource,
            @Nullable DataSource nonTransactional,
            NotifyMode notifyMode,
            @Nullable ThreadFactory threads) {
        try {
            return JtaContainerTransactions.find(beans, dataSource, nonTransactional, notifyMode, threads)
                    .orElseGet(None::new);
        } catch (NoClassDefFoundError e) {
            return new None();
        }
    }

    /** Java SE without a transaction manager. */
    record None() implements ContainerTransactions {

        @Override
        public Optional<Transactions> joined() {
            return Optional.empty();
        }

        @Override
        public boolean rollbackForgotten() {
            return false;
        }

        @Override
        public void close() {}
    }
}
