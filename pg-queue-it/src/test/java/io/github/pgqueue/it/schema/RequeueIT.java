package io.github.pgqueue.it.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.NonRetryableException;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code pg_queue_requeue}: dead letters get another chance. */
@PgQueueTest
class RequeueIT {

    @Test
    void requeue_one_givesItANewBudgetAndGoesOnCounting(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x", PushOptions.none().withMaxAttempts(2).withHeader("trace", "7"));
        Job<String> first = queue.pop().orElseThrow();
        queue.fail(first, new IllegalStateException("first"));
        Job<String> second = popped(node, queue);
        queue.fail(second, new IllegalStateException("second"));
        assertThat(queue.stats().dead()).isEqualTo(1);

        long requeued = requeue(node, queue, first.id());

        assertThat(requeued).isEqualTo(1);
        assertThat(queue.stats().dead()).isZero();
        Job<String> third = queue.pop().orElseThrow();
        assertThat(third.id()).isEqualTo(first.id());
        assertThat(third.attempt()).isEqualTo(3);
        assertThat(third.failures()).isZero();
        assertThat(third.maxAttempts()).isEqualTo(2);
        assertThat(third.payload()).isEqualTo("x");
        assertThat(third.headers()).isEqualTo(Map.of("trace", "7"));
        assertThat(third.pushedAt()).isEqualTo(first.pushedAt());
    }

    @Test
    void requeue_requeuedAndDeadAgain_canBeRequeuedAgain(TestNode node) {
        JobQueue<String> queue = node.queue();
        long id = dead(queue, "x");

        requeue(node, queue, id);
        kill(queue);
        long requeued = requeue(node, queue, id);

        assertThat(requeued).isEqualTo(1);
        assertThat(queue.pop().orElseThrow().attempt()).isEqualTo(3);
    }

    @Test
    void requeue_oneOfMany_leavesTheOthersDead(TestNode node) {
        JobQueue<String> queue = node.queue();
        dead(queue, "one");
        long id = dead(queue, "two");

        requeue(node, queue, id);

        assertThat(queue.pop(10).stream().map(Job::payload)).containsExactly("two");
        assertThat(queue.stats().dead()).isEqualTo(1);
    }

    @Test
    void requeue_all_takesThoseOfThisQueueOnly(TestNode node) {
        JobQueue<String> queue = node.queue();
        JobQueue<String> other = node.queue();
        List.of("a", "b", "c").forEach(payload -> dead(queue, payload));
        dead(other, "d");

        long requeued = node.database().number("SELECT pg_queue_requeue('" + queue.name() + "')");

        assertThat(requeued).isEqualTo(3);
        assertThat(queue.pop(10).stream().map(Job::payload)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(other.stats().dead()).isEqualTo(1);
    }

    @Test
    void requeue_missing_doesNothing(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("waiting");

        assertThat(requeue(node, queue, 4711)).isZero();
        assertThat(node.database().number("SELECT pg_queue_requeue('" + queue.name() + "')"))
                .isZero();
        assertThat(queue.pendingCount()).isEqualTo(1);
    }

    @Test
    void requeue_unknownQueue_isRefused(TestDatabase database) {
        assertThatThrownBy(() -> database.text("SELECT pg_queue_requeue('nowhere')"))
                .hasMessageContaining("PGQ1003: queue 'nowhere' does not exist in schema public");
    }

    @Test
    void requeue_workerAsleep_isWoken(TestDatabase database) {
        try (TestNode node = TestNode.on(
                database, config -> config.withQueueDefaults(each -> each.withPollInterval(Duration.ofMinutes(10))))) {
            JobQueue<String> queue = node.queue();
            long id = dead(queue, "x");
            node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
            node.manager().start();
            node.probe().await("asleep " + queue.name());

            requeue(node, queue, id);

            node.probe().await("completed " + queue.name() + "#" + id);
        }
    }

    private static long requeue(TestNode node, JobQueue<String> queue, long id) {
        return node.database().number("SELECT pg_queue_requeue('%s', %d)".formatted(queue.name(), id));
    }

    private static long dead(JobQueue<String> queue, String payload) {
        long id = queue.push(payload).id();
        kill(queue);
        return id;
    }

    private static void kill(JobQueue<String> queue) {
        queue.fail(queue.pop().orElseThrow(), new NonRetryableException("for good"));
    }

    /** The job that comes again after its delay. */
    private static Job<String> popped(TestNode node, JobQueue<String> queue) {
        node.database().execute("UPDATE queue_" + queue.name() + " SET run_at = clock_timestamp()");
        return queue.pop().orElseThrow();
    }
}
