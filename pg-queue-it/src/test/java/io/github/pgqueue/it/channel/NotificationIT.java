package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.next;
import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The wire format is the plain text, so SQL and other languages publish and listen too. */
@PgQueueTest
class NotificationIT {

    @Test
    void pgNotify_isReceivedAsItIs_withThePidOfItsSender(TestNode node) throws SQLException {
        List<Notification> received = new CopyOnWriteArrayList<>();
        node.manager().subscribe("raw", received::add);

        int sender;
        try (Connection connection = node.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("NOTIFY raw, 'not {json'");
            sender = pid(statement);
        }

        Awaitility.await().until(() -> !received.isEmpty());
        assertThat(received).containsExactly(new Notification("raw", "not {json", sender));
    }

    @Test
    void pgNotify_withoutPayload_isReceivedAsEmptyText(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("bare");

            node.database().execute("NOTIFY bare", "SELECT pg_queue_publish('bare', NULL)");

            assertThat(text(listener)).isEmpty();
            assertThat(text(listener)).isEmpty();
        }
    }

    @Test
    void pgQueuePublish_isReceived(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("from sql");

            node.database().execute("SELECT pg_queue_publish('from sql', '{\"a\": 1}')");

            assertThat(text(listener)).isEqualTo("{\"a\": 1}");
        }
    }

    @Test
    void publish_usingAConnection_carriesItsPid(TestNode node) throws SQLException {
        try (PgListener listener = node.manager().createListener();
                Connection connection = node.database().connect();
                Statement statement = connection.createStatement()) {
            listener.listen("whose");

            node.manager().using(connection).channel("whose", String.class).publish("mine");

            assertThat(next(listener)).isEqualTo(new Notification("whose", "\"mine\"", pid(statement)));
        }
    }

    @Test
    void listenInSql_receivesThePlainPayload(TestNode node) throws SQLException {
        try (Connection connection = node.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("LISTEN \"Outside\"");

            node.manager().channel("Outside", List.class).publish(List.of(1, 2));

            var arrived = connection.unwrap(org.postgresql.PGConnection.class).getNotifications(30_000);
            assertThat(arrived).singleElement().satisfies(notification -> {
                assertThat(notification.getName()).isEqualTo("Outside");
                assertThat(notification.getParameter()).isEqualTo("[1,2]");
            });
        }
    }

    @Test
    void toString_hasNoPayload() {
        assertThat(new Notification("x", "a secret", 1)).asString().doesNotContain("a secret");
    }

    private static int pid(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }
}
