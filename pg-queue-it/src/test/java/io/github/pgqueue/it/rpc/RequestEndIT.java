package io.github.pgqueue.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.RequestTimeoutException;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.rpc.RequestResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who waits for an answer is told when the waiting ends without one. */
@PgQueueTest
class RequestEndIT {

    private static final String REQUESTS = "SELECT count(*) FROM pg_queue_request";
    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void pushAndWait_interrupted_endsStaysInterruptedAndGivesUp(TestNode node) {
        String queue = node.queueName();
        AtomicBoolean interrupted = new AtomicBoolean();
        InBackground<String> waiting = InBackground.call(() -> {
            try {
                return node.manager().requestResponse().pushAndWait(queue, "old", String.class, LONG);
            } finally {
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        awaitWaiting(node, waiting);

        waiting.interrupt();

        assertThat(waiting.failure())
                .isInstanceOfSatisfying(
                        RequestTimeoutException.class, e -> assertThat(e.code()).isEqualTo("PGQ4005"))
                .hasMessageContaining("unknown");
        assertThat(interrupted).isTrue();
        Awaitility.await().until(() -> node.database().number(REQUESTS) == 0);
    }

    @Test
    void pushAndWait_interrupted_itsAnswerReachesNobodyElse(TestNode node) {
        String queue = node.queueName();
        RequestResponse requests = node.manager().requestResponse();
        InBackground<String> waiting = InBackground.call(() -> requests.pushAndWait(queue, "old", String.class, LONG));
        awaitWaiting(node, waiting);
        waiting.interrupt();
        waiting.failure();

        node.manager().work(queue, String.class, (job, context) -> Outcome.complete(job.payload()));
        node.manager().start();

        assertThat(requests.pushAndWait(queue, "new", String.class, Duration.ofMinutes(1)))
                .isEqualTo("new");
    }

    @Test
    void close_whileSomebodyWaits_tellsThem(TestDatabase database) {
        TestNode node = TestNode.on(database);
        String queue = node.queueName();
        RequestResponse requests = node.manager().requestResponse();
        CompletableFuture<String> stage =
                requests.request(queue, "x", String.class, LONG).toCompletableFuture();
        InBackground<String> waiting = InBackground.call(() -> requests.pushAndWait(queue, "y", String.class, LONG));
        Awaitility.await().until(() -> database.number(REQUESTS) == 2);

        node.close();

        assertThat(waiting.failure()).isInstanceOf(ManagerClosedException.class);
        assertThat(stage)
                .failsWithin(Duration.ofMinutes(1))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(ManagerClosedException.class);
        assertThat(database.number(REQUESTS)).isZero();
    }

    /** As a server may do before it stops an application; nobody else would ever tell them. */
    @Test
    void interruptOfTheThreadThatBringsAnswers_tellsThoseWhoWait(TestNode node) {
        String queue = node.queueName();
        InBackground<String> waiting =
                InBackground.call(() -> node.manager().requestResponse().pushAndWait(queue, "x", String.class, LONG));
        awaitWaiting(node, waiting);

        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("pg-queue replies"))
                .forEach(Thread::interrupt);

        assertThat(waiting.failure()).isInstanceOf(ManagerClosedException.class);
    }

    @Test
    void pushAndWait_afterClose_isRefused(TestDatabase database) {
        TestNode node = TestNode.on(database);
        String queue = node.queueName();

        node.close();

        assertThatThrownBy(() -> node.manager().requestResponse().pushAndWait(queue, "x", String.class, LONG))
                .isInstanceOf(ManagerClosedException.class);
        assertThat(database.number("SELECT count(*) FROM queue_" + queue)).isZero();
    }

    @Test
    void pushAndWait_onTheThreadThatBringsTheAnswers_isRefused(TestNode node) {
        String queue = node.queueName();
        RequestResponse requests = node.manager().requestResponse();
        CompletableFuture<String> chained = requests.request(queue, "first", String.class, LONG)
                .thenApply(first -> requests.pushAndWait(queue, "second", String.class, LONG))
                .toCompletableFuture();

        node.manager().work(queue, String.class, (job, context) -> Outcome.complete(job.payload()));
        node.manager().start();

        assertThat(chained)
                .failsWithin(Duration.ofMinutes(1))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(IllegalStateException.class);
    }

    private static void awaitWaiting(TestNode node, InBackground<?> waiting) {
        Awaitility.await().until(() -> node.database().number(REQUESTS) > 0);
        waiting.awaitWaiting();
    }
}
