package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TcpProxy;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A listening connection that is lost is replaced, and then everything is as before. */
@PgQueueTest
class ReconnectIT {

    @Test
    void terminated_listensAgainToEverything(TestDatabase database) {
        try (TestNode node = TestNode.on(database, config -> listeningDirectly(config, database));
                PgListener listener = node.manager().createListener()) {
            List<String> subscribed = new CopyOnWriteArrayList<>();
            listener.listenAll(List.of("a", "b"));
            node.manager().subscribe("a", String.class, subscribed::add);

            terminateListener(database);
            node.probe().await("listening ", 2);
            node.manager().channel("a", String.class).publish("to a");
            node.manager().channel("b", String.class).publish("to b");

            assertThat(text(listener)).isEqualTo("\"to a\"");
            assertThat(text(listener)).isEqualTo("\"to b\"");
            Awaitility.await().until(() -> subscribed.equals(List.of("to a")));
        }
    }

    @Test
    void terminated_borrowedConnection_isBorrowedAgain(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("borrowed");

            // The only session of this database that stays.
            node.database()
                    .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
            node.probe().await("listening ", 2);
            node.manager().channel("borrowed", String.class).publishRaw("again");

            assertThat(text(listener)).isEqualTo("again");
        }
    }

    @Test
    void terminated_againAndAgain_whileOthersPublish_listensInTheEnd(TestDatabase database) {
        try (Logged log = Logged.by("io.github.pgqueue.channel");
                TestNode node = TestNode.on(database, config -> listeningDirectly(config, database));
                PgListener listener = node.manager().createListener()) {
            listener.listen("stormy");
            EventChannel<String> channel = node.manager().channel("stormy", String.class);
            InBackground<Boolean> publishing = InBackground.run(() -> {
                for (int i = 0; i < 200; i++) {
                    channel.publishRaw("in the storm");
                }
            });
            for (int i = 1; i <= 5; i++) {
                terminateListener(database);
                node.probe().await("listeningLost", i);
                node.probe().await("listening ", i + 1);
            }
            publishing.result();

            channel.publishRaw("after it");

            String received = text(listener);
            while (received.equals("in the storm")) {
                received = text(listener);
            }
            assertThat(received).isEqualTo("after it");
            assertThat(log.warnings("listening is interrupted")).hasSize(5);
        }
    }

    @Test
    void listen_whileTheConnectionIsLost_waitsForTheNextOne(TestDatabase database) {
        try (TcpProxy proxy = TcpProxy.before(database);
                TestNode node = TestNode.on(database, config -> listeningThrough(config, proxy, database));
                PgListener listener = node.manager().createListener()) {
            listener.listen("first");
            proxy.cut();
            node.probe().await("listeningLost");

            InBackground<Boolean> listening = InBackground.run(() -> listener.listen("second"));
            listening.awaitWaiting();
            assertThat(listening.ended()).isFalse();
            proxy.mend();

            assertThat(listening.result()).isTrue();
            node.manager().channel("second", String.class).publishRaw("heard");
            assertThat(text(listener)).isEqualTo("heard");
        }
    }

    @Test
    void pushed_whileTheConnectionWasLost_isWorkedWhenItIsBack(TestDatabase database) {
        try (TcpProxy proxy = TcpProxy.before(database);
                TestNode node =
                        TestNode.on(database, config -> hourlyPolling(listeningThrough(config, proxy, database)))) {
            JobQueue<String> queue = node.queue();
            String name = queue.name().value();
            node.manager().work(name, String.class, (job, context) -> Outcome.complete());
            node.manager().start();
            awaitSleeper(node, name);

            proxy.cut();
            node.probe().await("listeningLost");
            queue.push("nobody is told");
            proxy.mend();

            node.probe().await("completed " + name);
        }
    }

    @Test
    void terminated_workerIsWokenByLaterPushes(TestDatabase database) {
        try (TestNode node = TestNode.on(database, config -> hourlyPolling(listeningDirectly(config, database)))) {
            JobQueue<String> queue = node.queue();
            String name = queue.name().value();
            node.manager().work(name, String.class, (job, context) -> Outcome.complete());
            node.manager().start();
            awaitSleeper(node, name);

            terminateListener(database);
            node.probe().await("listening ", 2);
            awaitSleeper(node, name);
            queue.push("1");
            node.probe().await("completed " + name, 1);
            queue.push("2");

            node.probe().await("completed " + name, 2);
        }
    }

    private static void awaitSleeper(TestNode node, String queue) {
        node.probe().await("asleep " + queue);
        Awaitility.await()
                .until(() ->
                        node.database().number("SELECT count(*) FROM pg_queue_sleeper WHERE queue = '" + queue + "'")
                                == 1);
    }

    private static void terminateListener(TestDatabase database) {
        assertThat(database.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND application_name = 'pg-queue listener'"))
                .isEqualTo(1);
    }

    private static PgQueueConfig hourlyPolling(PgQueueConfig config) {
        return config.withQueueDefaults(queue -> queue.withPollInterval(Duration.ofHours(1)));
    }

    private static PgQueueConfig listeningDirectly(PgQueueConfig config, TestDatabase database) {
        return listening(config, database, database.database().jdbcUrl());
    }

    private static PgQueueConfig listeningThrough(PgQueueConfig config, TcpProxy proxy, TestDatabase database) {
        return listening(config, database, proxy.dataSource(database).getURL());
    }

    private static PgQueueConfig listening(PgQueueConfig config, TestDatabase database, String url) {
        return config.withListen(new ListenConfig(
                true, url, database.database().user(), database.database().password()));
    }
}
