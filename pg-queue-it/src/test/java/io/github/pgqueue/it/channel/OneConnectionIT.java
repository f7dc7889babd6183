package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.Probe;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Everything that listens on a manager shares one connection. */
class OneConnectionIT {

    private static final String SESSIONS = "SELECT count(*) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";

    @Test
    void listen_manyListenersSubscriptionsAndWorkers_holdOneSession() {
        Probe probe = new Probe();
        try (TestDatabase database = TestDatabase.create();
                PgQueueManager manager = PgQueueManager.builder(database.dataSource())
                        .config(TestNode.quick()
                                .withQueueDefaults(queue -> queue.withPollInterval(Duration.ofHours(1))))
                        .listener(probe)
                        .build()) {
            List<PgListener> listeners = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                PgListener listener = manager.createListener();
                listener.listenAll(List.of("common", "own" + i));
                listeners.add(listener);
                manager.subscribe("common", notification -> {});
                manager.createQueue("q" + i);
                manager.work("q" + i, String.class, (job, context) -> Outcome.complete());
            }
            manager.start();
            for (int i = 0; i < 20; i++) {
                probe.await("asleep q" + i);
            }

            manager.channel("common", String.class).publishRaw("to all");

            listeners.forEach(listener -> assertThat(text(listener)).isEqualTo("to all"));
            // Statements come and go on sessions of their own; the one that listens stays.
            Awaitility.await().until(() -> database.number(SESSIONS) == 1);
            assertThat(probe.countOf("listening ")).isEqualTo(1);
        }
    }

    @Test
    void start_nothingListens_holdsNoSession() {
        try (TestDatabase database = TestDatabase.create();
                PgQueueManager manager =
                        PgQueueManager.builder(database.dataSource()).build()) {
            manager.start();
            manager.channel("x", String.class).publish("x");

            Awaitility.await().until(() -> database.number(SESSIONS) == 0);
        }
    }
}
