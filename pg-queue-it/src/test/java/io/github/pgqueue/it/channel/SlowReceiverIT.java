package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who receives too slowly costs bounded memory, loses the oldest, and disturbs nobody else. */
@PgQueueTest
class SlowReceiverIT {

    private static final String TOO_SLOW = "a receiver is too slow";

    @Test
    void receive_after10001_hasLostTheOldestOnly(TestNode node) {
        try (Logged log = Logged.by("io.github.pgqueue.channel");
                PgListener slow = node.manager().createListener()) {
            slow.listen("flood");

            flood(node, 1, 10_001);
            awaitEverythingDistributed(node);

            assertThat(log.warnings(TOO_SLOW)).hasSize(1);
            for (int i = 2; i <= 10_001; i++) {
                assertThat(text(slow)).isEqualTo(Integer.toString(i));
            }
            assertThat(slow.tryReceive()).isEmpty();
        }
    }

    @Test
    void receive_exactly10000_hasLostNothing(TestNode node) {
        try (Logged log = Logged.by("io.github.pgqueue.channel");
                PgListener slow = node.manager().createListener()) {
            slow.listen("flood");

            flood(node, 1, 10_000);
            awaitEverythingDistributed(node);

            assertThat(log.warnings(TOO_SLOW)).isEmpty();
            assertThat(text(slow)).isEqualTo("1");
        }
    }

    @Test
    void receive_oneByOneUnderAFlood_isWarnedAboutOnce(TestNode node) {
        try (Logged log = Logged.by("io.github.pgqueue.channel");
                PgListener slow = node.manager().createListener()) {
            slow.listen("flood");
            flood(node, 1, 10_001);
            awaitEverythingDistributed(node);

            for (int i = 1; i <= 3; i++) {
                text(slow);
                flood(node, 10_001 + 2 * i, 10_002 + 2 * i);
                awaitEverythingDistributed(node);
            }

            assertThat(log.warnings(TOO_SLOW)).hasSize(1);
        }
    }

    @Test
    void receive_afterCatchingUp_isWarnedAboutAgain(TestNode node) {
        try (Logged log = Logged.by("io.github.pgqueue.channel");
                PgListener slow = node.manager().createListener()) {
            slow.listen("flood");
            flood(node, 1, 10_001);
            awaitEverythingDistributed(node);
            for (int i = 2; i <= 10_001; i++) {
                text(slow);
            }

            flood(node, 1, 10_001);
            awaitEverythingDistributed(node);

            assertThat(log.warnings(TOO_SLOW)).hasSize(2);
        }
    }

    @Test
    void subscribe_hungConsumer_doesNotHoldBackTheOthers(TestNode node) {
        CountDownLatch release = new CountDownLatch(1);
        List<String> received = new CopyOnWriteArrayList<>();
        node.manager().subscribe("flood", notification -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        node.manager().subscribe("other", String.class, received::add);

        flood(node, 1, 10_010);
        node.manager().channel("other", String.class).publish("here");

        Awaitility.await().until(() -> received.equals(List.of("here")));
        release.countDown();
    }

    private static void flood(TestNode node, int from, int to) {
        node.database()
                .execute("SELECT pg_notify('flood', i::text) FROM generate_series(%d, %d) AS i".formatted(from, to));
    }

    /** One connection brings everything in order: what was sent before has been distributed when this arrives. */
    private static void awaitEverythingDistributed(TestNode node) {
        try (PgListener witness = node.manager().createListener()) {
            witness.listen("end");
            node.manager().channel("end", String.class).publishRaw("end");
            text(witness);
        }
    }
}
