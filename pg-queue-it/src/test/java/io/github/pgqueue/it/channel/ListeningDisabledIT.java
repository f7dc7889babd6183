package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A manager that does not listen says so to whoever wants to receive; everything else works. */
@PgQueueTest
class ListeningDisabledIT {

    @Test
    void listen_orSubscribe_isRefused(TestDatabase database) {
        try (TestNode node = TestNode.on(database, ListeningDisabledIT::disabled)) {
            PgQueueManager manager = node.manager();
            List<ThrowingCallable> uses = List.of(
                    () -> manager.createListener().listen("x"),
                    () -> manager.subscribe("x", notification -> {}),
                    () -> manager.subscribe("x", String.class, text -> {}));

            assertThat(uses)
                    .allSatisfy(use -> assertThatThrownBy(use)
                            .isInstanceOfSatisfying(
                                    ConfigurationException.class,
                                    e -> assertThat(e.code()).isEqualTo("PGQ7020"))
                            .hasMessageContaining("pg-queue.listen.enabled"));
        }
    }

    @Test
    void publish_reachesOtherNodes(TestNode other, TestDatabase database) {
        try (TestNode node = TestNode.on(database, ListeningDisabledIT::disabled);
                PgListener listener = other.manager().createListener()) {
            listener.listen("x");

            node.manager().channel("x", String.class).publishRaw("heard");

            assertThat(text(listener)).isEqualTo("heard");
        }
    }

    @Test
    void work_findsJobsByPolling(TestDatabase database) {
        try (TestNode node = TestNode.on(database, ListeningDisabledIT::disabled)) {
            JobQueue<String> queue = node.queue();
            node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
            node.manager().start();
            node.probe().await("asleep " + queue.name());

            queue.push("x");

            node.probe().await("completed " + queue.name());
            assertThat(node.probe().countOf("listening")).isZero();
            assertThat(database.number("SELECT count(*) FROM pg_queue_sleeper WHERE queue = '" + queue.name() + "'"))
                    .isZero();
        }
    }

    private static PgQueueConfig disabled(PgQueueConfig config) {
        return config.withListen(ListenConfig.disabled());
    }
}
