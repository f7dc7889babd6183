package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.next;
import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A listener receives by hand what is published on its channels, and nothing else. */
@PgQueueTest
class ListenerIT {

    private record Order(String customer, int quantity) {}

    @Test
    void receive_published_returnsIt(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("orders");

            node.manager().channel("orders", Order.class).publish(new Order("Ada", 3));

            Notification received = next(listener);
            assertThat(received.channel()).isEqualTo("orders");
            assertThat(received.payload()).isEqualTo("{\"customer\":\"Ada\",\"quantity\":3}");
        }
    }

    @Test
    void receive_nothingYet_waits(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("later");
            InBackground<Notification> waiting = InBackground.call(listener::receive);
            waiting.awaitWaiting();

            node.manager().channel("later", String.class).publishRaw("now");

            assertThat(waiting.result().payload()).isEqualTo("now");
        }
    }

    @Test
    void receive_nothingInTime_isEmpty(TestNode node) throws InterruptedException {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("silent");

            assertThat(listener.receive(Duration.ofMillis(1))).isEmpty();
            assertThat(listener.receive(Duration.ZERO)).isEmpty();
            assertThat(listener.receive(Duration.ofSeconds(-1))).isEmpty();
        }
    }

    @Test
    void receive_longestDuration_waitsForIt(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("patient");
            InBackground<Optional<Notification>> waiting =
                    InBackground.call(() -> listener.receive(Duration.ofSeconds(Long.MAX_VALUE)));
            waiting.awaitWaiting();

            node.manager().channel("patient", String.class).publishRaw("at last");

            assertThat(waiting.result().map(Notification::payload)).hasValue("at last");
        }
    }

    @Test
    void receive_interrupted_throws(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("interrupted");
            InBackground<Notification> waiting = InBackground.call(listener::receive);
            waiting.awaitWaiting();

            waiting.interrupt();

            assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void tryReceive_returnsWhatHasArrivedAndNeverWaits(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("tried");
            assertThat(listener.tryReceive()).isEmpty();

            node.manager().channel("tried", String.class).publishRaw("once");

            List<Notification> received = new ArrayList<>();
            Awaitility.await().until(() -> {
                listener.tryReceive().ifPresent(received::add);
                return !received.isEmpty();
            });
            assertThat(received.get(0).payload()).isEqualTo("once");
            assertThat(listener.tryReceive()).isEmpty();
        }
    }

    @Test
    void listenAll_receivesFromEach(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listenAll(List.of("one", "two", "three"));

            for (String channel : List.of("three", "one", "two")) {
                node.manager().channel(channel, String.class).publishRaw("to " + channel);
            }

            assertThat(List.of(text(listener), text(listener), text(listener)))
                    .containsExactly("to three", "to one", "to two");
        }
    }

    @Test
    void listenAll_oneNameIsBad_listensToNone(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            assertThatThrownBy(() -> listener.listenAll(List.of("good", ""))).isInstanceOf(InvalidNameException.class);

            listener.listen("end");
            node.manager().channel("good", String.class).publishRaw("unheard");
            node.manager().channel("end", String.class).publishRaw("end");

            assertThat(text(listener)).isEqualTo("end");
        }
    }

    @Test
    void listen_twice_receivesOnce(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("twice");
            listener.listenAll(List.of("twice", "twice"));
            EventChannel<String> channel = node.manager().channel("twice", String.class);

            channel.publishRaw("first");
            channel.publishRaw("second");

            assertThat(text(listener)).isEqualTo("first");
            assertThat(text(listener)).isEqualTo("second");
        }
    }

    @Test
    void unlisten_hearsOnlyTheOthers(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listenAll(List.of("left", "kept"));

            listener.unlisten("left");
            listener.unlisten("never listened to");
            node.manager().channel("left", String.class).publishRaw("unheard");
            node.manager().channel("kept", String.class).publishRaw("heard");

            assertThat(text(listener)).isEqualTo("heard");
        }
    }

    @Test
    void unlisten_whatHasArrived_canStillBeReceived(TestNode node) {
        try (PgListener listener = node.manager().createListener();
                PgListener witness = node.manager().createListener()) {
            listener.listen("parting");
            witness.listen("end");
            node.manager().channel("parting", String.class).publishRaw("arrived");
            node.manager().channel("end", String.class).publishRaw("end");
            next(witness);

            listener.unlisten("parting");

            assertThat(listener.tryReceive().map(Notification::payload)).hasValue("arrived");
        }
    }

    @Test
    void unlistenAll_hearsNothing_untilItListensAgain(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listenAll(List.of("a", "b"));

            listener.unlistenAll();
            node.manager().channel("a", String.class).publishRaw("unheard");
            node.manager().channel("b", String.class).publishRaw("unheard");
            listener.listen("b");
            node.manager().channel("b", String.class).publishRaw("heard");

            assertThat(text(listener)).isEqualTo("heard");
        }
    }

    @Test
    void publish_twoListenersOfOneManager_bothReceive(TestNode node) {
        try (PgListener one = node.manager().createListener();
                PgListener other = node.manager().createListener()) {
            one.listen("shared");
            other.listen("shared");

            node.manager().channel("shared", String.class).publishRaw("for both");

            assertThat(text(one)).isEqualTo("for both");
            assertThat(text(other)).isEqualTo("for both");
        }
    }

    @Test
    void close_oneOfTwoListeners_leavesTheOther(TestNode node) {
        try (PgListener staying = node.manager().createListener()) {
            PgListener leaving = node.manager().createListener();
            staying.listen("common");
            leaving.listen("common");

            leaving.close();
            node.manager().channel("common", String.class).publishRaw("still here");

            assertThat(text(staying)).isEqualTo("still here");
        }
    }

    @Test
    void receive_twoThreads_shareTheNotifications(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("divided");
            Set<String> received = ConcurrentHashMap.newKeySet();
            Runnable receiveFifty = () -> {
                for (int i = 0; i < 50; i++) {
                    assertThat(received.add(text(listener))).isTrue();
                }
            };
            InBackground<Boolean> one = InBackground.run(receiveFifty);
            InBackground<Boolean> other = InBackground.run(receiveFifty);

            node.database().execute("SELECT pg_notify('divided', i::text) FROM generate_series(1, 100) AS i");

            assertThat(one.result()).isTrue();
            assertThat(other.result()).isTrue();
            assertThat(received).hasSize(100);
        }
    }
}
