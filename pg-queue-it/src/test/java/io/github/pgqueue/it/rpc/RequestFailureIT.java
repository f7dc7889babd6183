package io.github.pgqueue.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.pgqueue.LeaseLostException;
import io.github.pgqueue.PayloadException;
import io.github.pgqueue.RequestFailedException;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** An exception of the worker is the answer: its name and message travel, and nothing else. */
@PgQueueTest
class RequestFailureIT {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Counts how often one is made, whoever makes it. */
    private static final class OutOfStockException extends Exception {
        private static final long serialVersionUID = 1L;
        private static final AtomicInteger MADE = new AtomicInteger();

        OutOfStockException(String message) {
            super(message);
            MADE.incrementAndGet();
        }
    }

    @Test
    void pushAndWait_workerThrows_throwsItsNameAndMessage(TestNode node) {
        int made = OutOfStockException.MADE.get();

        RequestFailedException failure = answered(node, (job, context) -> {
            throw new OutOfStockException("no Ñandú left: 😀");
        });

        assertThat(failure.code()).isEqualTo("PGQ4003");
        assertThat(failure.remoteType()).isEqualTo(OutOfStockException.class.getName());
        assertThat(failure.remoteMessage()).isEqualTo("no Ñandú left: 😀");
        assertThat(failure)
                .hasNoCause()
                .hasMessageContaining(failure.requestId().toString());
        assertThat(OutOfStockException.MADE).hasValue(made + 1);
    }

    @Test
    void pushAndWait_workerThrowsAnError_throwsIt(TestNode node) {
        RequestFailedException failure = answered(node, (job, context) -> {
            throw new StackOverflowError();
        });

        assertThat(failure.remoteType()).isEqualTo("java.lang.StackOverflowError");
        assertThat(failure.remoteMessage()).isEmpty();
    }

    @Test
    void pushAndWait_messageCannotBeStored_isCutAndCleaned(TestNode node) {
        RequestFailedException failure = answered(node, (job, context) -> {
            throw new IllegalStateException("a\0b\uD83Dc" + "x".repeat(100_000));
        });

        assertThat(failure.remoteMessage()).startsWith("a\uFFFDb\uFFFDcxxx").hasSizeLessThan(10_000);
    }

    @Test
    void pushAndWait_outcomeIsFail_throwsItsCause(TestNode node) {
        RequestFailedException failure =
                answered(node, (job, context) -> Outcome.fail(new IllegalArgumentException("no")));

        assertThat(failure.remoteType()).isEqualTo("java.lang.IllegalArgumentException");
    }

    @Test
    void pushAndWait_outcomeIsDead_throwsItsReasonAndKeepsTheJob(TestNode node) {
        RequestFailedException failure = answered(node, (job, context) -> Outcome.dead("hopeless"));

        assertThat(failure.remoteMessage()).contains("hopeless");
        assertThat(node.database().number("SELECT count(*) FROM pg_queue_dead_letter WHERE error LIKE '%hopeless%'"))
                .isEqualTo(1);
    }

    @Test
    void pushAndWait_workerThrows_isNotTriedAgain(TestNode node) {
        AtomicReference<String> queue = new AtomicReference<>("");
        AtomicInteger runs = new AtomicInteger();

        answered(node, (job, context) -> {
            queue.set(job.queue().value());
            runs.incrementAndGet();
            throw new IllegalStateException("once");
        });

        assertThat(node.database().number("SELECT count(*) FROM queue_" + queue))
                .isZero();
        assertThat(runs).hasValue(1);
    }

    @Test
    void pushAndWait_transactionalWorkerThrows_throwsIt(TestNode node) {
        RequestFailedException failure = answered(node, WorkerOptions.transactional(), (job, context) -> {
            throw new OutOfStockException("rolled back");
        });

        assertThat(failure.remoteType()).isEqualTo(OutOfStockException.class.getName());
        assertThat(failure.remoteMessage()).isEqualTo("rolled back");
    }

    @Test
    void pushAndWait_replyIsNoJson_throwsWhy(TestNode node) {
        RequestFailedException failure = answered(node, (job, context) -> Outcome.complete(new Object()));

        assertThat(failure.remoteType()).isEqualTo(PayloadException.class.getName());
        assertThat(failure.remoteMessage()).contains("PGQ5006");
    }

    @Test
    void pushAndWait_requestCannotBeReadByTheWorker_throwsWhy(TestNode node) {
        String queue = node.queueName();
        node.manager().work(queue, Integer.class, (job, context) -> Outcome.complete());
        node.manager().start();

        RequestFailedException failure = catchThrowableOfType(
                RequestFailedException.class,
                () -> node.manager().requestResponse().pushAndWait(queue, "no number", String.class, MINUTE));

        assertThat(failure.remoteType()).isEqualTo(PayloadException.class.getName());
        assertThat(failure.remoteMessage()).contains("PGQ5007").doesNotContain("no number");
    }

    @Test
    void request_workerThrows_completesItsStageWithIt(TestNode node) {
        String queue = node.queueName();
        node.manager().work(queue, String.class, (job, context) -> {
            throw new OutOfStockException("later");
        });
        node.manager().start();

        CompletionStage<String> answer = node.manager().requestResponse().request(queue, "x", String.class, MINUTE);

        assertThat(answer.toCompletableFuture())
                .failsWithin(MINUTE)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        RequestFailedException.class,
                        e -> assertThat(e.remoteMessage()).isEqualTo("later"));
    }

    @Test
    void pushAndWait_failureWithTheNameOfNoClassHere_isOnlyText(TestNode node) {
        String queue = node.queueName();
        CompletionStage<String> answer = node.manager().requestResponse().request(queue, "x", String.class, MINUTE);
        UUID id = node.manager().queue(queue, String.class).pop().orElseThrow().requestId();

        node.database()
                .execute("UPDATE pg_queue_request SET outcome = 'error', error_type = 'com.acme.Gadget',"
                        + " error_message = 'boo' WHERE request_id = '" + id + "'");

        assertThat(answer.toCompletableFuture())
                .failsWithin(MINUTE)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(RequestFailedException.class, e -> {
                    assertThat(e.remoteType()).isEqualTo("com.acme.Gadget");
                    assertThat(e.requestId()).isEqualTo(id);
                });
    }

    @Test
    void request_itsJobIsBuriedAfterALostLease_isToldSo(TestDatabase database) {
        try (TestNode node =
                TestNode.on(database, config -> config.withQueueDefaults(queue -> queue.withMaxAttempts(1)))) {
            JobQueue<String> queue = node.queue();
            CompletionStage<String> answer = node.manager()
                    .requestResponse()
                    .request(queue.name().value(), "x", String.class, MINUTE.multipliedBy(10));
            node.endLease(queue.pop().orElseThrow());

            assertThat(queue.pop()).isEmpty();

            assertThat(answer.toCompletableFuture())
                    .failsWithin(MINUTE)
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            RequestFailedException.class,
                            e -> assertThat(e.remoteType()).isEqualTo(LeaseLostException.class.getName()));
        }
    }

    @Test
    void pushAndWait_retriesWithACauseUntilTheBudgetIsSpent_isToldTheLastOne(TestDatabase database) {
        try (TestNode node =
                TestNode.on(database, config -> config.withQueueDefaults(queue -> queue.withMaxAttempts(2)))) {
            RequestFailedException failure = answered(
                    node,
                    (job, context) ->
                            Outcome.retry(Duration.ZERO, new OutOfStockException("attempt " + job.attempt())));

            assertThat(failure.remoteMessage()).isEqualTo("attempt 2");
        }
    }

    private static RequestFailedException answered(TestNode node, JobHandler<String> handler) {
        return answered(node, WorkerOptions.leased(), handler);
    }

    private static RequestFailedException answered(TestNode node, WorkerOptions options, JobHandler<String> handler) {
        String queue = node.queueName();
        node.manager().work(queue, String.class, options, handler);
        node.manager().start();
        return catchThrowableOfType(
                RequestFailedException.class,
                () -> node.manager().requestResponse().pushAndWait(queue, "x", String.class, MINUTE));
    }
}
