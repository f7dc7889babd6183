package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.next;
import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PayloadType;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What NOTIFY refuses goes by reference and arrives whole; what only looks like a reference arrives as it is. */
@PgQueueTest
class PayloadSizeIT {

    private static final String ROWS = "SELECT count(*) FROM pg_queue_signal";

    static Stream<Named<String>> small() {
        return Stream.of(
                Named.of("empty", ""),
                Named.of("7,999 bytes", "x".repeat(7_999)),
                Named.of("7,999 bytes of 3,999 characters and one", "é".repeat(3_999) + "x"),
                Named.of("7,998 bytes of 2,666 characters", "€".repeat(2_666)));
    }

    static Stream<Named<String>> large() {
        return Stream.of(
                Named.of("8,000 bytes", "x".repeat(8_000)),
                Named.of("8,000 bytes of 4,000 characters", "é".repeat(4_000)),
                Named.of("8,001 bytes of 2,667 characters", "€".repeat(2_667)),
                Named.of("8,000 bytes of 2,000 surrogate pairs", "😀".repeat(2_000)),
                Named.of("500,000 bytes", "x".repeat(500_000)),
                Named.of("1 MiB", "\n".repeat(1 << 20)));
    }

    @ParameterizedTest
    @MethodSource("small")
    void publishRaw_upTo7999Bytes_goesInTheNotification(String payload, TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("small");
            long before = node.database().number(ROWS);

            node.manager().channel("small", String.class).publishRaw(payload);

            assertThat(text(listener).equals(payload)).isTrue();
            assertThat(node.database().number(ROWS)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("large")
    void publishRaw_from8000Bytes_goesByReferenceAndArrivesWhole(String payload, TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("large");
            long before = node.database().number(ROWS);

            node.manager().channel("large", String.class).publishRaw(payload);

            assertThat(text(listener).equals(payload)).isTrue();
            assertThat(node.database().number(ROWS)).isEqualTo(before + 1);
        }
    }

    @ParameterizedTest
    @MethodSource({"small", "large"})
    void pgQueuePublish_anySize_arrivesWhole(String payload, TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("from sql");

            node.database().execute("SELECT pg_queue_publish('from sql', '" + payload + "')");

            assertThat(text(listener).equals(payload)).isTrue();
        }
    }

    @Test
    void publish_largeList_reachesTypedSubscribersWhole(TestNode node) {
        PayloadType<List<Integer>> type = new PayloadType<>() {};
        List<Integer> payload = IntStream.range(0, 50_000).boxed().toList();
        List<List<Integer>> received = new CopyOnWriteArrayList<>();
        node.manager().subscribe("list", type, received::add);
        node.manager().subscribe("list", type, received::add);

        node.manager().channel("list", type).publish(payload);

        Awaitility.await().until(() -> received.size() == 2);
        assertThat(received).containsExactly(payload, payload);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg_queue:ref:", "pg_queue:ref:x", "pg_queue:ref:00000000-0000-0000-0000-000000000000"})
    void publishRaw_textThatLooksLikeAReference_arrivesAsItIs(String payload, TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("lookalike");

            node.manager().channel("lookalike", String.class).publishRaw(payload);
            node.database().execute("SELECT pg_queue_publish('lookalike', '" + payload + "')");

            assertThat(text(listener)).isEqualTo(payload);
            assertThat(text(listener)).isEqualTo(payload);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_queue:ref:",
                "pg_queue:ref:x",
                "pg_queue:ref:1-2-3-4-5",
                "pg_queue:ref:00000000-0000-0000-0000-000000000000",
                "pg_queue:ref:'; DROP TABLE pg_queue_signal --"
            })
    void pgNotify_forgedReference_isIgnored(String payload, TestNode node) {
        List<String> subscribed = new CopyOnWriteArrayList<>();
        node.manager().subscribe("forged", notification -> subscribed.add(notification.payload()));
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("forged");

            node.database().execute("SELECT pg_notify('forged', '" + payload.replace("'", "''") + "')");
            node.manager().channel("forged", String.class).publishRaw("genuine");

            assertThat(text(listener)).isEqualTo("genuine");
            Awaitility.await().until(() -> !subscribed.isEmpty());
            assertThat(subscribed).containsExactly("genuine");
        }
    }

    @Test
    void receive_payloadHasBeenPurged_theNextOneComes(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("purged");
            EventChannel<String> channel = node.manager().channel("purged", String.class);

            channel.publishRaw("x".repeat(8_000));
            node.database().execute("DELETE FROM pg_queue_signal");
            channel.publishRaw("small");

            assertThat(text(listener)).isEqualTo("small");
        }
    }

    @Test
    void housekeeping_removesPayloadsOfMoreThanAnHour_andNoOthers(TestDatabase database) {
        try (TestNode node = TestNode.on(database, config -> config.withHousekeepingInterval(Duration.ofMillis(100)));
                PgListener listener = node.manager().createListener()) {
            listener.listen("kept");
            EventChannel<String> channel = node.manager().channel("kept", String.class);
            channel.publishRaw("old".repeat(3_000));
            next(listener);
            database.execute("UPDATE pg_queue_signal SET published_at = published_at - interval '61 min'");
            channel.publishRaw("young".repeat(3_000));
            database.execute("UPDATE pg_queue_signal SET published_at = published_at - interval '59 min'"
                    + " WHERE payload LIKE 'young%'");

            node.manager().start();

            Awaitility.await()
                    .until(() -> database.number(ROWS + " WHERE published_at < now() - interval '1 hour'") == 0);
            assertThat(text(listener)).isEqualTo("young".repeat(3_000));
        }
    }
}
