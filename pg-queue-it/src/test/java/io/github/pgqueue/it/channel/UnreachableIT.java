package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.Probe;
import io.github.pgqueue.it.support.TestDataSource;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Who wants to listen while the database is away is told, or waits for it. */
@PgQueueTest
class UnreachableIT {

    @Test
    void listen_neverReachedYet_failsAtOnce_andWorksLater(TestDatabase database) {
        AtomicBoolean away = new AtomicBoolean(true);
        try (PgQueueManager manager = manager(database, away, new Probe());
                PgListener listener = manager.createListener()) {
            assertThatThrownBy(() -> listener.listen("x")).isInstanceOfSatisfying(StorageException.class, e -> {
                assertThat(e.code()).isEqualTo("PGQ6002");
                assertThat(e.transientFailure()).isTrue();
            });

            away.set(false);
            listener.listen("x");
            manager.channel("x", String.class).publishRaw("heard");

            assertThat(text(listener)).isEqualTo("heard");
        }
    }

    @Test
    void listen_gone_waitsUntilItIsBack(TestDatabase database) {
        AtomicBoolean away = new AtomicBoolean();
        Probe probe = new Probe();
        try (PgQueueManager manager = manager(database, away, probe);
                PgListener listener = manager.createListener()) {
            manager.start();
            away.set(true);
            InBackground<Boolean> listening = InBackground.run(() -> listener.listen("x"));
            probe.await("listeningLost");

            assertThat(listening.ended()).isFalse();
            away.set(false);

            assertThat(listening.result()).isTrue();
            manager.channel("x", String.class).publishRaw("heard");
            assertThat(text(listener)).isEqualTo("heard");
        }
    }

    @Test
    void listen_gone_isToldWhenTheManagerCloses(TestDatabase database) {
        AtomicBoolean away = new AtomicBoolean();
        Probe probe = new Probe();
        PgQueueManager manager = manager(database, away, probe);
        manager.start();
        away.set(true);
        InBackground<Boolean> subscribing = InBackground.run(() -> manager.subscribe("x", notification -> {}));
        probe.await("listeningLost");

        manager.close();

        assertThat(subscribing.failure()).isInstanceOf(ManagerClosedException.class);
    }

    @Test
    void listen_gone_canBeInterrupted(TestDatabase database) {
        AtomicBoolean away = new AtomicBoolean();
        Probe probe = new Probe();
        try (PgQueueManager manager = manager(database, away, probe);
                PgListener listener = manager.createListener()) {
            manager.start();
            away.set(true);
            AtomicBoolean interrupted = new AtomicBoolean();
            InBackground<Boolean> listening = InBackground.run(() -> {
                try {
                    listener.listen("x");
                } finally {
                    interrupted.set(Thread.currentThread().isInterrupted());
                }
            });
            probe.await("listeningLost");

            listening.interrupt();

            assertThat(listening.failure()).hasMessageContaining("PGQ7021").hasMessageContaining("interrupted");
            assertThat(interrupted).isTrue();
        }
    }

    private static PgQueueManager manager(TestDatabase database, AtomicBoolean away, Probe probe) {
        TestDataSource dataSource = () -> {
            if (away.get()) {
                throw new SQLException("refused on purpose", "08001");
            }
            return database.connect();
        };
        return PgQueueManager.builder(dataSource)
                .config(TestNode.quick())
                .listener(probe)
                .build();
    }
}
