package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.NonRetryableException;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a handler decides about its job happens, with a lease and in a transaction alike. */
@PgQueueTest
class WorkerOutcomeIT {

    /** Works one job until it has left the queue, and gives its attempts. */
    private static List<Job<String>> work(
            TestNode node, JobQueue<String> queue, WorkerMode mode, JobHandler<String> handler) {
        List<Job<String>> attempts = new CopyOnWriteArrayList<>();
        node.manager().work(queue.name().value(), String.class, mode.options(), (job, context) -> {
            attempts.add(job);
            return handler.handle(job, context);
        });
        node.manager().start();
        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
        return attempts;
    }

    private static Outcome firstThenComplete(Job<?> job, Outcome first) {
        return job.attempt() == 1 ? first : Outcome.complete();
    }

    private static String deadLetter(TestNode node, JobQueue<?> queue, String expression) {
        return node.database()
                .text("SELECT %s FROM pg_queue_dead_letter WHERE queue = '%s'".formatted(expression, queue.name()));
    }

    private static void assertFailedOnce(List<Job<String>> attempts) {
        assertThat(attempts).extracting(Job::attempt).containsExactly(1, 2);
        assertThat(attempts).extracting(Job::failures).containsExactly(0, 1);
    }

    @ParameterizedTest
    @EnumSource
    void return_complete_endsTheJob(WorkerMode mode, TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x", PushOptions.none().withHeader("h", "1"));

        List<Job<String>> attempts = work(node, queue, mode, (job, context) -> {
            assertThat(context.job()).isSameAs(job);
            assertThat(context.cancelled()).isFalse();
            return Outcome.complete();
        });

        assertThat(attempts).singleElement().satisfies(job -> {
            assertThat(job.payload()).isEqualTo("x");
            assertThat(job.headers()).containsEntry("h", "1");
            assertThat(job.attempt()).isEqualTo(1);
        });
        assertThat(deadLetter(node, queue, "count(*)")).isEqualTo("0");
        assertThat(node.probe().countOf("completed " + queue.name())).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void return_completeWithAValueNobodyWaitsFor_endsTheJob(WorkerMode mode, TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");

        List<Job<String>> attempts = work(node, queue, mode, (job, context) -> Outcome.complete(new Object()));

        assertThat(attempts).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void return_retry_comesAgainWithoutAFailure(WorkerMode mode, TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x", PushOptions.none().withMaxAttempts(1));

        List<Job<String>> attempts =
                work(node, queue, mode, (job, context) -> firstThenComplete(job, Outcome.retry(Duration.ofMillis(1))));

        assertThat(attempts).extracting(Job::attempt).containsExactly(1, 2);
        assertThat(attempts).extracting(Job::failures).containsExactly(0, 0);
        assertThat(node.probe().countOf("retried " + queue.name())).isEqualTo(1);
        assertThat(node.probe().countOf("failed")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void return_retryWithACause_comesAgainWithAFailure(WorkerMode mode, TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");

        List<Job<String>> attempts = work(
                node,
                queue,
                mode,
                (job, context) ->
                        firstThenComplete(job, Outcome.retry(Duration.ZERO, new IllegalStateException("busy"))));

        assertFailedOnce(attempts);
    }

    @ParameterizedTest
    @EnumSource
    void return_retryThatTheDatabaseRefuses_isAFailedAttempt(WorkerMode mode, TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");

        List<Job<String>> attempts = work(
                node,
                queue,
                mode,
                (job, context) -> firstThenComplete(job, Outcome.retry(Duration.ofSeconds(Long.MAX_VALUE))));

        assertFailedOnce(attempts);
    }

    @ParameterizedTest
    @EnumSource
    void return_fail_isAFailedAttempt(WorkerMode mode, TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");

        List<Job<String>> attempts = work(
                node,
                queue,
                mode,
                (job, context) -> firstThenComplete(job, Outcome.fail(new IllegalStateException("no"))));

        assertFailedOnce(attempts);
        assertThat(node.probe().countOf("failed " + queue.name())).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void return_dead_isADeadLetterAtOnce(WorkerMode mode, TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");

        List<Job<String>> attempts = work(node, queue, mode, (job, context) -> Outcome.dead("no such customer"));

        assertThat(attempts).hasSize(1);
        assertThat(deadLetter(node, queue, "error")).contains("no such customer");
        assertThat(node.probe().countOf("dead " + queue.name())).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("NullAway") // a handler compiled without null checks may well do this
    void return_nothing_isAFailedAttempt(WorkerMode mode, TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");

        List<Job<String>> attempts =
                work(node, queue, mode, (job, context) -> job.attempt() == 1 ? null : Outcome.complete());

        assertFailedOnce(attempts);
    }

    @ParameterizedTest
    @EnumSource
    void throw_anything_isAFailedAttemptUpToTheBudget(WorkerMode mode, TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x", PushOptions.none().withMaxAttempts(3));

        List<Job<String>> attempts = work(node, queue, mode, (job, context) -> {
            throw new java.io.IOException("attempt " + job.attempt());
        });

        assertThat(attempts).extracting(Job::attempt).containsExactly(1, 2, 3);
        assertThat(attempts).extracting(Job::failures).containsExactly(0, 1, 2);
        assertThat(deadLetter(node, queue, "error")).isEqualTo("java.io.IOException: attempt 3");
        assertThat(deadLetter(node, queue, "failures")).isEqualTo("3");
    }

    @ParameterizedTest
    @EnumSource
    void throw_nonRetryable_isADeadLetterAtOnce(WorkerMode mode, TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");

        List<Job<String>> attempts = work(node, queue, mode, (job, context) -> {
            throw new NonRetryableException("not even once more");
        });

        assertThat(attempts).hasSize(1);
        assertThat(deadLetter(node, queue, "error")).contains("not even once more");
    }
}
