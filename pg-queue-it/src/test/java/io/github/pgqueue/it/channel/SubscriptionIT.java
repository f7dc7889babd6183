package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.Subscription;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A subscriber is handed every payload of its channel, one after the other, whatever it does with it. */
@PgQueueTest
class SubscriptionIT {

    private record Order(String customer, int quantity, Instant placedAt) {}

    private static final Order ADA =
            new Order("Ada \"Countess\" Lovelace", 3, Instant.parse("2026-01-02T03:04:05.678Z"));
    private static final Order BOB = new Order("Böb, 😀", 0, Instant.EPOCH);

    @Test
    void subscribe_typed_receivesPayloadsInOrder(TestNode node) {
        List<Order> received = new CopyOnWriteArrayList<>();
        node.manager().subscribe("orders", Order.class, received::add);
        EventChannel<Order> channel = node.manager().channel("orders", Order.class);

        channel.publish(ADA);
        channel.publish(BOB);

        Awaitility.await().until(() -> received.size() == 2);
        assertThat(received).containsExactly(ADA, BOB);
    }

    @Test
    void subscribe_genericType_receivesIt(TestNode node) {
        PayloadType<List<Order>> type = new PayloadType<>() {};
        List<List<Order>> received = new CopyOnWriteArrayList<>();
        node.manager().subscribe("batches", type, received::add);

        node.manager().channel("batches", type).publish(List.of(ADA, BOB));

        Awaitility.await().until(() -> !received.isEmpty());
        assertThat(received).containsExactly(List.of(ADA, BOB));
    }

    @Test
    void subscribe_managerNotStarted_receivesAllTheSame(TestNode node) {
        List<String> received = new CopyOnWriteArrayList<>();

        node.manager().subscribe("unstarted", String.class, received::add);
        node.manager().channel("unstarted", String.class).publish("here");

        Awaitility.await().until(() -> received.equals(List.of("here")));
    }

    @Test
    void subscribe_payloadCannotBeRead_theNextOnesCome(TestNode node) {
        List<Order> received = new CopyOnWriteArrayList<>();
        node.manager().subscribe("dirty", Order.class, received::add);

        node.database()
                .execute(
                        "SELECT pg_notify('dirty', 'no json at all')",
                        "SELECT pg_notify('dirty', '')",
                        "SELECT pg_notify('dirty', 'null')",
                        "SELECT pg_notify('dirty', '{\"quantity\": \"many\"}')");
        node.manager().channel("dirty", Order.class).publish(ADA);

        Awaitility.await().until(() -> !received.isEmpty());
        assertThat(received).containsExactly(ADA);
    }

    @Test
    void subscribe_consumerThrows_theNextOnesComeAndTheLogSaysSo(TestNode node) {
        List<String> received = new CopyOnWriteArrayList<>();
        try (Logged log = Logged.by("io.github.pgqueue.channel")) {
            node.manager().subscribe("failing", String.class, text -> {
                received.add(text);
                switch (text) {
                    case "exception" -> throw new IllegalStateException("on purpose");
                    case "error" -> throw new StackOverflowError("on purpose");
                    default -> {}
                }
            });
            EventChannel<String> channel = node.manager().channel("failing", String.class);

            List.of("exception", "error", "fine").forEach(channel::publish);

            Awaitility.await().until(() -> received.size() == 3);
            assertThat(received).containsExactly("exception", "error", "fine");
            assertThat(log.warnings("channel failing failed")).hasSize(2);
        }
    }

    @Test
    void subscribe_consumerHangs_othersGoOn(TestNode node) {
        CountDownLatch release = new CountDownLatch(1);
        List<String> received = new CopyOnWriteArrayList<>();
        node.manager().subscribe("both", String.class, text -> uninterrupted(release));
        node.manager().subscribe("both", String.class, received::add);
        EventChannel<String> channel = node.manager().channel("both", String.class);

        List.of("1", "2", "3").forEach(channel::publish);

        Awaitility.await().until(() -> received.size() == 3);
        release.countDown();
    }

    @Test
    void subscribe_badName_isRefused(TestNode node) {
        assertThatThrownBy(() -> node.manager().subscribe("", String.class, text -> {}))
                .isInstanceOf(InvalidNameException.class);
    }

    @Test
    void close_receivesNoMore(TestNode node) {
        List<String> received = new CopyOnWriteArrayList<>();
        Subscription subscription = node.manager().subscribe("closed", String.class, received::add);
        try (PgListener witness = node.manager().createListener()) {
            witness.listen("closed");
            EventChannel<String> channel = node.manager().channel("closed", String.class);
            channel.publish("before");
            Awaitility.await().until(() -> received.contains("before"));
            next(witness);

            subscription.close();
            subscription.close();
            channel.publish("after");
            next(witness);

            assertThat(received).containsExactly("before");
        }
    }

    @Test
    void close_whileTheConsumerRuns_waitsForIt(TestNode node) {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean done = new AtomicBoolean();
        Subscription subscription = node.manager().subscribe("busy", String.class, text -> {
            entered.countDown();
            uninterrupted(release);
            done.set(true);
        });
        node.manager().channel("busy", String.class).publish("work");
        awaited(entered);

        InBackground<Boolean> closing = InBackground.call(() -> {
            subscription.close();
            return done.get();
        });
        closing.awaitWaiting();
        release.countDown();

        assertThat(closing.result()).as("done when close returned").isTrue();
    }

    @Test
    void close_byTheConsumerItself_returns(TestNode node) {
        CompletableFuture<Subscription> own = new CompletableFuture<>();
        CompletableFuture<String> closed = new CompletableFuture<>();
        own.complete(node.manager().subscribe("closing itself", String.class, text -> {
            own.join().close();
            closed.complete(text);
        }));

        node.manager().channel("closing itself", String.class).publish("go");

        assertThat(closed).succeedsWithin(Duration.ofSeconds(60)).isEqualTo("go");
    }

    @Test
    void close_ofTheManager_consumerHangs_interruptsItAfterTheDrainTimeout(TestDatabase database) {
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CountDownLatch entered = new CountDownLatch(1);
        TestNode node = TestNode.on(database, config -> config.withDrainTimeout(Duration.ofMillis(50)));
        node.manager().subscribe("hung", String.class, text -> {
            entered.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        });
        node.manager().channel("hung", String.class).publish("go");
        awaited(entered);

        node.close();

        assertThat(interrupted).succeedsWithin(Duration.ofSeconds(60));
    }

    private static void awaited(CountDownLatch latch) {
        Awaitility.await().until(() -> latch.getCount() == 0);
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
