package io.github.pgqueue.it.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every call of the original, and what stands in its place. */
@PgQueueTest
class CallsOfTheOriginalIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    record Order(String customer, int quantity) {}

    @Test
    void manager_givesTheFourCapabilities(TestNode node) {
        assertThat(node.manager().queue("emails", String.class)).isNotNull();
        assertThat(node.manager().channel("events", String.class)).isNotNull();
        assertThat(node.manager().cache()).isNotNull();
        assertThat(node.manager().requestResponse()).isNotNull();
    }

    @Test
    void queueName_checksItsRuleAndNamesTableAndChannel() {
        QueueName name = new QueueName("emails");

        assertThat(name.table()).isEqualTo("queue_emails");
        assertThat(name.channel()).isEqualTo("queue_emails");
        assertThatThrownBy(() -> new QueueName("e-mails")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void push_returnsTheId(TestNode node) {
        JobQueue<String> queue = node.queue();

        PushResult first = queue.push("a");
        PushResult second = queue.push("b");

        assertThat(second.id()).isGreaterThan(first.id());
        assertThat(first.status()).isEqualTo(PushResult.Status.PUSHED);
    }

    @Test
    void pop_claimsTheOldestPendingJob(TestNode node) {
        JobQueue<Order> queue = node.queue(Order.class);
        queue.pushAll(List.of(new Order("Ada", 1), new Order("Grace", 2)));

        assertThat(queue.pop()).map(Job::payload).contains(new Order("Ada", 1));
        assertThat(queue.pop()).map(Job::payload).contains(new Order("Grace", 2));
        assertThat(queue.pop()).isEmpty();
    }

    @Test
    void complete_endsTheJob(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");

        queue.complete(queue.pop().orElseThrow());

        assertThat(queue.stats().ready() + queue.stats().running()).isZero();
    }

    @Test
    void fail_makesTheJobPendingAgain(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");

        queue.fail(queue.pop().orElseThrow(), new IllegalStateException("again"));

        assertThat(queue.pendingCount()).isEqualTo(1);
    }

    @Test
    void pendingCount_countsWhatIsNotClaimed(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.pushAll(List.of("a", "b", "c"));
        queue.pop();

        assertThat(queue.pendingCount()).isEqualTo(2);
    }

    @Test
    void notify_isReceivedByAListener(TestNode node) throws InterruptedException {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("events.user_signup");

            node.manager().channel("events.user_signup", String.class).publishRaw("{\"user_id\": 42}");

            Notification received = listener.receive();
            assertThat(received.channel()).isEqualTo("events.user_signup");
            assertThat(received.payload()).isEqualTo("{\"user_id\": 42}");
        }
    }

    @Test
    void listenAll_unlistenAndUnlistenAll_chooseTheChannels(TestNode node) throws InterruptedException {
        try (PgListener listener = node.manager().createListener()) {
            listener.listenAll(List.of("one", "two", "three"));
            listener.unlisten("two");
            publish(node, "two", "one");
            assertThat(listener.receive().channel()).isEqualTo("one");

            listener.unlistenAll();
            listener.listen("last");
            publish(node, "one", "three", "last");
            assertThat(listener.receive().channel()).isEqualTo("last");
        }
    }

    @Test
    void receiveWithTimeoutAndTryReceive_doNotWaitForEver(TestNode node) throws InterruptedException {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("quiet");

            assertThat(listener.tryReceive()).isEmpty();
            assertThat(listener.receive(Duration.ofMillis(1))).isEmpty();
            publish(node, "quiet");
            assertThat(listener.receive(PATIENCE)).isPresent();
        }
    }

    @Test
    void cache_getSetDelete(TestNode node) {
        PgCache cache = node.manager().cache("parity");

        cache.set("user:42:profile", new Order("Ada", 1), Duration.ofMinutes(5));

        assertThat(cache.get("user:42:profile", Order.class)).contains(new Order("Ada", 1));
        assertThat(cache.delete("user:42:profile")).isTrue();
        assertThat(cache.delete("user:42:profile")).isFalse();
        assertThat(cache.get("user:42:profile", Order.class)).isEmpty();
    }

    @Test
    void cache_setWithExpiry_holdsUntilThatMoment(TestNode node) {
        PgCache cache = node.manager().cache("parity");

        cache.set("until", "x", Instant.parse("2999-01-01T00:00:00Z"));
        cache.set("past", "x", Instant.parse("2001-01-01T00:00:00Z"));

        assertThat(cache.get("until", String.class)).contains("x");
        assertThat(cache.get("past", String.class)).isEmpty();
    }

    @Test
    void cache_cleanupExpired_removesAndCounts(TestNode node) {
        PgCache cache = node.manager().cache("parity_sweep");
        cache.set("past", "x", Instant.parse("2001-01-01T00:00:00Z"));

        assertThat(cache.cleanupExpired()).isEqualTo(1);
    }

    @Test
    void cache_getOrSet_loadsOnceAndKeeps(TestNode node) {
        PgCache cache = node.manager().cache("parity");

        String loaded = cache.getOrSet("loaded", String.class, Duration.ofMinutes(5), () -> "first");
        String kept = cache.getOrSet("loaded", String.class, Duration.ofMinutes(5), () -> "second");

        assertThat(List.of(loaded, kept)).containsExactly("first", "first");
    }

    @Test
    void pushAndWait_returnsTheAnswerOfTheWorker(TestNode node) {
        String queue = node.queueName();
        node.manager().work(queue, Integer.class, (job, context) -> Outcome.complete(job.payload() * 2));
        node.manager().start();

        int answer = node.manager().requestResponse().pushAndWait(queue, 21, Integer.class, PATIENCE);

        assertThat(answer).isEqualTo(42);
    }

    @Test
    void storeResponse_answersAJobThatWasPoppedByHand(TestNode node) throws Exception {
        JobQueue<String> queue = node.queue();
        var answer = node.manager()
                .requestResponse()
                .request(queue.name().value(), "ping", String.class, PATIENCE)
                .toCompletableFuture();

        Job<String> job = queue.pop().orElseThrow();
        UUID request = job.requestId();
        assertThat(request).isNotNull();
        assertThat(node.manager().requestResponse().storeResponse(request, "pong"))
                .isTrue();
        queue.complete(job);

        assertThat(answer.get()).isEqualTo("pong");
    }

    @Test
    void cleanupOldResponses_removesAndCounts(TestNode node) {
        node.database()
                .execute("INSERT INTO pg_queue_request VALUES (gen_random_uuid(), 'gone', now() - interval '1 hour')");

        assertThat(node.manager().requestResponse().cleanupOldResponses(Duration.ofMinutes(30)))
                .isEqualTo(1);
    }

    private static void publish(TestNode node, String... channels) {
        for (String channel : channels) {
            node.manager().channel(channel, String.class).publish("x");
        }
    }
}
