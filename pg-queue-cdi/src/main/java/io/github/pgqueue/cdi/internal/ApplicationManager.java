package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.jackson.ApplicationMapper;
import io.github.pgqueue.spi.PayloadCodec;
import io.github.pgqueue.spi.PgQueueListener;
import io.github.pgqueue.spi.Telemetry;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The manager of an application, made of the application's own parts: its data source, its transactions, the threads of
 * its server and, where it has such beans, its {@link PayloadCodec} or {@code ObjectMapper}, its {@link PgQueueListener}
 * and its {@link Telemetry} or {@code OpenTelemetry}.
 *
 * @param manager what everything is done with
 * @param codec how it reads payloads
 * @param transactions of the container
 */
record ApplicationManager(PgQueueManager manager, PayloadCodec codec, ContainerTransactions transactions)
        implements AutoCloseable {

    static ApplicationManager make(BeanManager beans, Settings settings) {
        ContainerThreads threads = ContainerThreads.find(settings);
        DataSources sources = new DataSources(beans, settings);
        DataSource joining = sources.joining();
        @Nullable DataSource apart = sources.nonTransactional().orElse(null);
        PayloadCodec codec = codec(beans);
        ContainerTransactions transactions = ContainerTransactions.find(
                beans, joining, apart, settings.config().notifyMode(), threads.factory());
        PgQueueManager.Builder builder =
                PgQueueManager.builder(joining).config(settings.config()).codec(codec);
        transactions.joined().ifPresent(builder::transactions);
        Optional.ofNullable(threads.factory()).ifPresent(builder::threads);
        Optional.ofNullable(threads.executor()).ifPresent(builder::executor);
        OptionalBeans.find(beans, PgQueueListener.class).ifPresent(builder::listener);
        telemetry(beans, settings).ifPresent(builder::telemetry);
        return new ApplicationManager(builder.build(), codec, transactions);
    }

    @Override
    public void close() {
        manager.close();
        transactions.close();
    }

    private static Optional<Telemetry> telemetry(BeanManager beans, Settings settings) {
        Optional<Telemetry> own = OptionalBeans.find(beans, Telemetry.class);
        return own.isPresent() || !settings.observing().telemetry()
                ? own
                : OptionalApis.telemetry(
                        BeanManagers.of(beans), settings.observing().processSpan());
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
