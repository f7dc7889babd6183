package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A payload that cannot be read is a failed attempt of its job, and keeps no other job back. */
@PgQueueTest
class PoisonPayloadIT {

    /** A payload that does not like every value. */
    record Picky(int number, String text) {
        Picky {
            switch (number) {
                case 1 -> throw new IllegalStateException("never one");
                case 2 -> throw new AssertionError("never two");
                case 3 -> throw new NoClassDefFoundError("never three");
                case 4 -> throw new OutOfMemoryError("never four");
                case 5 -> endless(0);
                default -> {
                    // welcome
                }
            }
        }

        @SuppressWarnings("InfiniteRecursion") // what it is for
        private static int endless(int depth) {
            return endless(depth + 1) + 1;
        }
    }

    private static void insert(TestNode node, JobQueue<?> queue, String json, int maxAttempts) {
        node.database()
                .execute("INSERT INTO queue_%s (payload, max_attempts) VALUES ($json$%s$json$, %d)"
                        .formatted(queue.name(), json, maxAttempts));
    }

    private static String deadLetters(TestNode node, JobQueue<?> queue) {
        return node.database()
                .text(
                        "SELECT string_agg(failures || ' ' || attempt || ' ' || payload, ',' ORDER BY id) FROM pg_queue_dead_letter WHERE queue = '"
                                + queue.name() + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7",
                "[]",
                "\"text\"",
                "{\"number\": \"many\"}",
                "{\"number\": 1e100}",
                "{\"number\": {}}",
                "{\"number\": 1}",
                "{\"number\": 2}",
                "{\"number\": 3}",
                "{\"number\": 4}",
                "{\"number\": 5}"
            })
    void pop_unreadable_isAFailedAttemptAndTheNextJobComes(String json, TestNode node) {
        JobQueue<Picky> queue = node.queue(Picky.class);
        insert(node, queue, json, 1);
        queue.push(new Picky(100, "good"));

        assertThat(queue.pop()).map(Job::payload).contains(new Picky(100, "good"));
        assertThat(node.database()
                        .number("SELECT failures FROM pg_queue_dead_letter WHERE queue = '" + queue.name() + "'"))
                .isEqualTo(1);
        assertThat(node.database().text("SELECT error FROM pg_queue_dead_letter WHERE queue = '" + queue.name() + "'"))
                .contains("PGQ5007")
                .contains("Picky");
    }

    @Test
    void pop_deeplyNestedPayload_isAFailedAttempt(TestNode node) {
        JobQueue<List<?>> queue = node.manager().queue(node.queueName(), new io.github.pgqueue.PayloadType<>() {});
        insert(node, queue, "[".repeat(5_000) + "]".repeat(5_000), 1);
        queue.push(List.of("good"));

        assertThat(queue.pop())
                .map(Job::payload)
                .hasValueSatisfying(good -> assertThat(good).hasSize(1));
        assertThat(queue.stats().dead()).isEqualTo(1);
    }

    @Test
    void pop_unreadableWithBudgetLeft_comesBackLater(TestDatabase database) {
        try (TestNode node = TestNode.on(
                database,
                config -> config.withQueueDefaults(
                        queue -> queue.withRetryDelay(Duration.ofHours(1), Duration.ofHours(1))))) {
            JobQueue<Integer> queue = node.queue(Integer.class);
            insert(node, queue, "\"no number\"", 3);

            assertThat(queue.pop()).isEmpty();

            assertThat(database.text(
                            "SELECT failures || ' ' || attempt || ' ' || (leased_until IS NULL) || ' ' || (run_at > now()) || ' ' || payload FROM queue_"
                                    + queue.name()))
                    .isEqualTo("1 1 true true \"no number\"");
            assertThat(database.text("SELECT last_error FROM queue_" + queue.name()))
                    .contains("PGQ5007")
                    .doesNotContain("no number");
        }
    }

    @Test
    void pop_manyUnreadable_givesTheGoodOnesBehindThem(TestNode node) {
        JobQueue<Integer> queue = node.queue(Integer.class);
        for (int i = 0; i < 25; i++) {
            insert(node, queue, "\"bad\"", 1);
        }
        queue.pushAll(List.of(1, 2));

        assertThat(queue.pop(2))
                .isNotEmpty()
                .allSatisfy(job -> assertThat(job.payload()).isBetween(1, 2));
        assertThat(node.probe().countOf("dead " + queue.name())).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void work_unreadable_isRetriedBuriedAndTheOthersAreWorked(WorkerMode mode, TestNode node) {
        JobQueue<Integer> queue = node.queue(Integer.class);
        List<Integer> worked = new CopyOnWriteArrayList<>();
        insert(node, queue, "1", 3);
        insert(node, queue, "\"bad\"", 3);
        insert(node, queue, "2", 3);

        node.manager().work(queue.name().value(), Integer.class, mode.options(), (job, context) -> {
            worked.add(job.payload());
            return Outcome.complete();
        });
        node.manager().start();

        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
        assertThat(worked).containsExactlyInAnyOrder(1, 2);
        assertThat(deadLetters(node, queue)).isEqualTo("3 3 \"bad\"");
        // told after the commit by which the queue became empty
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(node.probe().countOf("dead " + queue.name())).isEqualTo(1));
        assertThat(node.probe().countOf("failed " + queue.name())).isEqualTo(2);
    }

    @Test
    void pop_headersOfAnyJson_areReadAsText(TestNode node) {
        JobQueue<Integer> queue = node.queue(Integer.class);
        node.database()
                .execute(
                        "INSERT INTO queue_%s (payload, headers) VALUES ('1', '{\"a\": 1, \"b\": [true], \"c\": null, \"d\": \"x\"}')"
                                .formatted(queue.name()));

        Job<Integer> job = queue.pop().orElseThrow();

        assertThat(job.headers())
                .containsEntry("a", "1")
                .containsEntry("d", "x")
                .containsOnlyKeys("a", "b", "c", "d");
    }
}
