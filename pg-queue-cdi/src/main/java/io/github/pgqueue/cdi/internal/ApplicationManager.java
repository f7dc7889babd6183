package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.jackson.ApplicationMapper;
import io.github.pgqueue.spi.PayloadCodec;
import io.github.pgqueue.spi.PgQueueListener;
import jakarta.enterprise.inject.spi.BeanManager;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The manager of an application, made of the application's own parts: its data source, its transactions and, where it
 * has such beans, its {@link PayloadCodec} or {@code ObjectMapper} and its {@link PgQueueListener}.
 *
 * @param manager what everything is done with
 * @param codec how it reads payloads
 * @param transactions of the container
 */
record ApplicationManager(PgQueueManager manager, PayloadCodec codec, ContainerTransactions transactions)
        implements AutoCloseable {

    static ApplicationManager make(BeanManager beans, Settings settings) {
        DataSources sources = new DataSources(beans, settings);
        DataSource joining = sources.joining();
        @Nullable DataSource apart = sources.nonTransactional().orElse(null);
        PayloadCodec codec = codec(beans);
        ContainerTransactions transactions = ContainerTransactions.find(
                beans, joining, apart, settings.config().notifyMode());
        PgQueueManager.Builder builder =
                PgQueueManager.builder(joining).config(settings.config()).codec(codec);
        transactions.joined().ifPresent(builder::transactions);
        OptionalBeans.find(beans, PgQueueListener.class).ifPresent(builder::listener);
        return new ApplicationManager(builder.build(), codec, transactions);
    }

    @Override
    public void close() {
        manager.close();
        transactions.close();
    }

    private static PayloadCodec codec(BeanManager beans) {
        return OptionalBeans.find(beans, PayloadCodec.class).orElseGet(() -> {
            try {
                return ApplicationMapper.codec(BeanManagers.of(beans));
            } catch (NoClassDefFoundError e) {
                throw DeploymentErrors.noCodec(e);
            }
        });
    }
}
