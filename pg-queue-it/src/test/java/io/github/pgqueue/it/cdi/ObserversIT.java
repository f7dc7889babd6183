package io.github.pgqueue.it.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.enterprise.inject.spi.EventMetadata;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What arrives on a channel is an event of the type that is observed. */
@PgQueueTest
class ObserversIT {

    private static final TypeLiteral<EventChannel<SignUp>> SIGN_UPS = new TypeLiteral<>() {};

    record SignUp(String user) {}

    record Order(String id) {}

    /** What observers saw, in the order in which they saw it. */
    @ApplicationScoped
    static class Seen {

        private final Queue<Object> events = new ConcurrentLinkedQueue<>();

        void add(Object event) {
            events.add(event);
        }

        List<Object> events() {
            return List.copyOf(events);
        }
    }

    @RequestScoped
    static class Request {

        private int uses;

        int use() {
            return ++uses;
        }
    }

    @ApplicationScoped
    static class Typed {

        @Inject
        Seen seen;

        void on(@Observes @PgChannel("events.user_signup") SignUp event) {
            seen.add(event);
        }

        void onOrders(@Observes @PgChannel("orders") List<Order> orders) {
            seen.add(orders);
        }
    }

    @ApplicationScoped
    static class Raw {

        @Inject
        Seen seen;

        void on(@Observes @PgChannel("events.user_signup") Notification event) {
            seen.add(event.channel() + " " + event.payload() + " " + (event.pid() > 0));
        }
    }

    @ApplicationScoped
    static class Async {

        @Inject
        Seen seen;

        void on(@ObservesAsync @PgChannel("events.user_signup") SignUp event) {
            seen.add("async " + event.user());
        }
    }

    abstract static class Generic<T> {

        @Inject
        Seen seen;

        void on(@Observes @PgChannel("generic") T event) {
            seen.add(event);
        }
    }

    @ApplicationScoped
    static class OfOrders extends Generic<Order> {}

    @ApplicationScoped
    static class InRequest {

        @Inject
        Seen seen;

        @Inject
        Request request;

        void on(@Observes @PgChannel("events.user_signup") SignUp event, EventMetadata metadata) {
            seen.add(event.user() + " " + request.use() + " "
                    + metadata.getType().getTypeName());
        }
    }

    @ApplicationScoped
    static class Failing {

        void on(@Observes @PgChannel("events.user_signup") SignUp event) {
            throw new IllegalStateException("an observer that fails");
        }

        void onAsync(@ObservesAsync @PgChannel("events.user_signup") SignUp event) {
            throw new IllegalStateException("an observer that fails");
        }
    }

    @ApplicationScoped
    static class AfterFailing {

        @Inject
        Seen seen;

        void on(@Observes @PgChannel("events.user_signup") Notification event) {
            seen.add("raw " + event.payload());
        }
    }

    @Test
    void observe_typedPayload_getsWhatWasPublished(TestDatabase database) {
        try (WeldNode node = start(database, Typed.class)) {
            node.get(SIGN_UPS, PgChannel.Literal.of("events.user_signup")).publish(new SignUp("ada"));

            assertThat(seen(node, 1)).containsExactly(new SignUp("ada"));
        }
    }

    @Test
    void observe_genericPayload_getsItsElements(TestDatabase database) {
        try (WeldNode node = start(database, Typed.class)) {
            database.execute("NOTIFY orders, '[{\"id\": \"a\"}, {\"id\": \"b\"}]'");

            assertThat(seen(node, 1)).containsExactly(List.of(new Order("a"), new Order("b")));
        }
    }

    @Test
    void observe_plainNotify_getsTypedAndRawEventsOfIt(TestDatabase database) {
        try (WeldNode node = start(database, Typed.class, Raw.class)) {
            database.execute("NOTIFY \"events.user_signup\", '{\"user\": \"ada\"}'");

            assertThat(seen(node, 2))
                    .containsExactlyInAnyOrder(new SignUp("ada"), "events.user_signup {\"user\": \"ada\"} true");
        }
    }

    @Test
    void observe_asynchronously_getsTheEventToo(TestDatabase database) {
        try (WeldNode node = start(database, Typed.class, Async.class)) {
            node.get(SIGN_UPS, PgChannel.Literal.of("events.user_signup")).publish(new SignUp("ada"));

            assertThat(seen(node, 2)).containsExactlyInAnyOrder(new SignUp("ada"), "async ada");
        }
    }

    @Test
    void observe_inheritedGenericMethod_readsTheTypeOfTheBean(TestDatabase database) {
        try (WeldNode node = start(database, OfOrders.class)) {
            database.execute("NOTIFY generic, '{\"id\": \"a\"}'");

            assertThat(seen(node, 1)).containsExactly(new Order("a"));
        }
    }

    @Test
    void observe_eachEvent_hasARequestContextOfItsOwnAndMetadata(TestDatabase database) {
        try (WeldNode node = start(database, InRequest.class, Request.class)) {
            EventChannel<SignUp> channel = node.get(SIGN_UPS, PgChannel.Literal.of("events.user_signup"));
            channel.publish(new SignUp("ada"));
            channel.publish(new SignUp("bob"));

            assertThat(seen(node, 2))
                    .containsExactly("ada 1 " + SignUp.class.getTypeName(), "bob 1 " + SignUp.class.getTypeName());
        }
    }

    @Test
    void observe_manyEvents_keepsTheirOrder(TestDatabase database) {
        List<Object> published = IntStream.range(0, 200)
                .<Object>mapToObj(i -> new SignUp("user" + i))
                .toList();
        try (WeldNode node = start(database, Typed.class)) {
            EventChannel<SignUp> channel = node.get(SIGN_UPS, PgChannel.Literal.of("events.user_signup"));
            published.forEach(event -> channel.publish((SignUp) event));

            assertThat(seen(node, 200)).isEqualTo(published);
        }
    }

    @Test
    void observe_payloadThatCannotBeRead_isLoggedWithoutItAndTheNextComes(TestDatabase database) {
        try (Logged log = Logged.by("io.github.pgqueue.cdi");
                WeldNode node = start(database, Typed.class)) {
            database.execute(
                    "NOTIFY \"events.user_signup\", 'hunter2'",
                    "NOTIFY \"events.user_signup\"",
                    "NOTIFY \"events.user_signup\", '{\"user\": \"ada\"}'");

            assertThat(seen(node, 1)).containsExactly(new SignUp("ada"));
            assertThat(log.warnings("events.user_signup"))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).doesNotContain("hunter2"));
        }
    }

    @Test
    void observe_failingObserver_endsNothing(TestDatabase database) {
        try (Logged log = Logged.by("io.github.pgqueue.cdi");
                WeldNode node = start(database, Failing.class, AfterFailing.class)) {
            EventChannel<SignUp> channel = node.get(SIGN_UPS, PgChannel.Literal.of("events.user_signup"));
            channel.publish(new SignUp("ada"));
            channel.publish(new SignUp("bob"));

            assertThat(seen(node, 2)).containsExactly("raw {\"user\":\"ada\"}", "raw {\"user\":\"bob\"}");
            await().untilAsserted(() -> assertThat(log.warnings("an observer of channel events.user_signup failed"))
                    .hasSize(4));
        }
    }

    @Test
    void observe_inTwoApplications_reachesBoth(TestDatabase database) {
        try (WeldNode one = start(database, Typed.class);
                WeldNode other = start(database, Typed.class)) {
            one.get(SIGN_UPS, PgChannel.Literal.of("events.user_signup")).publish(new SignUp("ada"));

            assertThat(seen(one, 1)).containsExactly(new SignUp("ada"));
            assertThat(seen(other, 1)).containsExactly(new SignUp("ada"));
        }
    }

    @ApplicationScoped
    static class Sender {

        @Inject
        @PgChannel("events.user_signup")
        EventChannel<SignUp> channel;
    }

    private static WeldNode start(TestDatabase database, Class<?>... observers) {
        return WeldNode.builder(database)
                .beans(Seen.class, Sender.class)
                .beans(observers)
                .start();
    }

    private static List<Object> seen(WeldNode node, int count) {
        Seen seen = node.get(Seen.class);
        await().until(() -> seen.events().size() >= count);
        return seen.events();
    }
}
