package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.next;
import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.rpc.RequestResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.PGConnection;

/** Two schemas of one database with a channel prefix each: triggers, SQL and Java agree, and neither hears the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChannelPrefixIT {

    private final TestDatabase database = TestDatabase.empty();

    @BeforeAll
    void install() {
        for (String tenant : List.of("red", "blue")) {
            database.execute("CREATE SCHEMA " + tenant);
            try (TestNode node = TestNode.on(
                    database, config -> of(tenant, config).withSchemaManagement(SchemaManagement.MIGRATE))) {
                node.manager().start();
            }
            database.execute("SELECT " + tenant + ".pg_queue_set_channel_prefix('" + tenant + ".')");
        }
    }

    @AfterAll
    void drop() {
        database.close();
    }

    @Test
    void publish_sameChannelInBothSchemas_reachesOnlyItsOwn() {
        try (TestNode red = node("red");
                TestNode blue = node("blue");
                PgListener redListener = red.manager().createListener();
                PgListener blueListener = blue.manager().createListener()) {
            redListener.listen("orders");
            blueListener.listen("orders");

            red.manager().channel("orders", String.class).publishRaw("red, java");
            blue.manager().channel("orders", String.class).publishRaw("blue, java");
            database.execute(
                    "SELECT red.pg_queue_publish('orders', 'red, sql')",
                    "SELECT blue.pg_queue_publish('orders', 'blue, sql')");

            assertThat(List.of(next(redListener), next(redListener)))
                    .extracting(Notification::channel, Notification::payload)
                    .containsExactly(tuple("orders", "red, java"), tuple("orders", "red, sql"));
            assertThat(List.of(text(blueListener), text(blueListener))).containsExactly("blue, java", "blue, sql");
        }
    }

    @Test
    void publish_isSentUnderThePrefixedName() throws SQLException {
        try (TestNode red = node("red");
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("LISTEN \"red.plain\"");

            red.manager().channel("plain", String.class).publishRaw("java");
            database.execute("SELECT red.pg_queue_publish('plain', 'sql')");
            red.manager().channel("plain", String.class).publishRaw("x".repeat(8_000));

            assertThat(received(connection, 3)).startsWith("red.plain=java", "red.plain=sql");
        }
    }

    @Test
    void push_wakesTheWorkersOfItsOwnSchema() throws SQLException {
        try (TestNode red = node("red");
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            JobQueue<String> queue = red.queue();
            String name = queue.name().value();
            statement.execute("LISTEN \"red.queue_" + name + '"');
            red.manager().work(name, String.class, (job, context) -> Outcome.complete());
            red.manager().start();
            Awaitility.await()
                    .until(() ->
                            database.number("SELECT count(*) FROM red.pg_queue_sleeper WHERE queue = '" + name + "'")
                                    == 1);

            database.execute("SELECT red.pg_queue_push('" + name + "', '\"from sql\"')");

            red.probe().await("completed " + name);
            assertThat(received(connection, 1)).containsExactly("red.queue_" + name + "=");
        }
    }

    @Test
    void push_toTheSameQueueOfAnotherSchema_isNotSeen() {
        try (TestNode red = node("red");
                TestNode blue = node("blue")) {
            String name = "both";
            red.manager().createQueue(name);
            blue.manager().createQueue(name);

            red.manager().queue(name, String.class).push("red");

            assertThat(blue.manager().queue(name, String.class).pop()).isEmpty();
            assertThat(red.manager().queue(name, String.class).pop()).isPresent();
        }
    }

    @Test
    void request_answerIsToldOnThePrefixedReplyChannel() throws SQLException {
        try (TestNode red = node("red");
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            RequestResponse requests = red.manager().requestResponse();
            CompletionStage<Integer> answer =
                    requests.request(red.queueName(), "6 * 7", Integer.class, Duration.ofMinutes(5));
            String replyTo = database.text("SELECT reply_to FROM red.pg_queue_request");
            UUID id = UUID.fromString(database.text("SELECT request_id FROM red.pg_queue_request"));
            statement.execute("LISTEN \"" + replyTo + '"');

            assertThat(requests.storeResponse(id, 42)).isTrue();

            assertThat(replyTo).startsWith("red.pg_queue_reply_");
            assertThat(answer.toCompletableFuture())
                    .succeedsWithin(Duration.ofMinutes(1))
                    .isEqualTo(42);
            assertThat(received(connection, 1)).containsExactly(replyTo + "=");
        }
    }

    @Test
    void channel_prefixAndNameTogetherTooLong_isRefused() {
        try (TestNode red = node("red");
                PgListener listener = red.manager().createListener()) {
            listener.listen("x".repeat(59));
            red.manager().channel("x".repeat(59), String.class).publishRaw("fits");

            assertThat(text(listener)).isEqualTo("fits");
            assertThatThrownBy(() -> listener.listen("x".repeat(60)))
                    .isInstanceOf(InvalidNameException.class)
                    .hasMessageContaining("59 bytes");
            assertThatThrownBy(() ->
                            red.manager().channel("x".repeat(60), String.class).publishRaw("does not fit"))
                    .isInstanceOf(InvalidNameException.class);
            assertThatThrownBy(() -> database.execute("SELECT red.pg_queue_publish('" + "x".repeat(60) + "', '')"))
                    .hasMessageContaining("PGQ2001");
        }
    }

    private TestNode node(String tenant) {
        return TestNode.on(
                database,
                config -> of(tenant, config).withQueueDefaults(queue -> queue.withPollInterval(Duration.ofHours(1))));
    }

    private static PgQueueConfig of(String tenant, PgQueueConfig config) {
        return config.withSchema(tenant);
    }

    private static List<String> received(Connection connection, int count) throws SQLException {
        List<String> received = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (received.size() < count && System.nanoTime() - end < 0) {
            for (var notification : connection.unwrap(PGConnection.class).getNotifications(1_000)) {
                received.add(notification.getName() + '=' + notification.getParameter());
            }
        }
        assertThat(received).hasSize(count);
        return received;
    }
}
