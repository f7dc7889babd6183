package io.github.pgqueue.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.InvalidArgumentException;
import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.QueueNotFoundException;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import io.github.pgqueue.rpc.RequestResponse;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request is an ordinary job; what its worker returns is the answer. */
@PgQueueTest
class RequestIT {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private record Inquiry(String sku, int quantity) {}

    private record Quote(String sku, BigDecimal total) {}

    @Test
    void pushAndWait_returnsWhatTheWorkerReturned(TestNode node) {
        String queue = quotes(node);

        Quote quote = node.manager()
                .requestResponse()
                .pushAndWait(queue, new Inquiry("Ñandú \"😀\"", 3), Quote.class, MINUTE);

        assertThat(quote).isEqualTo(new Quote("Ñandú \"😀\"", new BigDecimal("7.50")));
    }

    @Test
    void pushAndWait_leavesNothingBehind(TestNode node) {
        String queue = quotes(node);

        node.manager().requestResponse().pushAndWait(queue, new Inquiry("x", 1), Quote.class, MINUTE);

        assertThat(node.database().number("SELECT count(*) FROM pg_queue_request"))
                .isZero();
        node.probe().await("completed " + queue);
        assertThat(node.database().number("SELECT count(*) FROM queue_" + queue))
                .isZero();
    }

    @Test
    void pushAndWait_withoutTimeout_takesTheConfiguredOne(TestNode node) {
        String queue = node.queueName();
        String deadlines = "SELECT count(*) FROM queue_" + queue
                + " WHERE deadline BETWEEN now() + interval '20 s' AND now() + interval '30 s'";
        work(node, queue, (job, context) -> Outcome.complete(node.database().number(deadlines)));

        long within = node.manager().requestResponse().pushAndWait(queue, new Inquiry("x", 1), Long.class);

        assertThat(within).isEqualTo(1);
    }

    @Test
    void pushAndWait_genericAnswer_isReadAsSuch(TestNode node) {
        String queue = node.queueName();
        work(
                node,
                queue,
                (job, context) -> Outcome.complete(Map.of(
                        job.payload().sku(), List.of(new Quote("a", BigDecimal.ONE), new Quote("b", BigDecimal.TEN)))));

        Map<String, List<Quote>> answer = node.manager()
                .requestResponse()
                .pushAndWait(queue, new Inquiry("both", 1), new PayloadType<Map<String, List<Quote>>>() {}, MINUTE);

        assertThat(answer)
                .isEqualTo(Map.of("both", List.of(new Quote("a", BigDecimal.ONE), new Quote("b", BigDecimal.TEN))));
    }

    @Test
    void request_completesItsStageWithTheAnswer(TestNode node) {
        String queue = quotes(node);

        CompletionStage<Quote> answer =
                node.manager().requestResponse().request(queue, new Inquiry("later", 2), Quote.class, MINUTE);

        assertThat(answer.toCompletableFuture())
                .succeedsWithin(MINUTE)
                .isEqualTo(new Quote("later", new BigDecimal("5.00")));
    }

    @Test
    void request_inTheCallbackOfAnother_isAnsweredToo(TestNode node) {
        String queue = quotes(node);
        RequestResponse requests = node.manager().requestResponse();

        CompletionStage<Quote> answer = requests.request(queue, new Inquiry("first", 1), Quote.class, MINUTE)
                .thenCompose(first ->
                        requests.request(queue, new Inquiry(first.sku() + ", second", 1), Quote.class, MINUTE));

        assertThat(answer.toCompletableFuture())
                .succeedsWithin(MINUTE)
                .extracting(Quote::sku)
                .isEqualTo("first, second");
    }

    @Test
    void pushAndWait_workerRetriesFirst_answersLater(TestNode node) {
        String queue = node.queueName();
        work(
                node,
                queue,
                (job, context) -> job.attempt() < 3
                        ? Outcome.retry(Duration.ofMillis(1))
                        : Outcome.complete("attempt " + job.attempt()));

        String answer = node.manager().requestResponse().pushAndWait(queue, new Inquiry("x", 1), String.class, MINUTE);

        assertThat(answer).isEqualTo("attempt 3");
    }

    @Test
    void pushAndWait_answerIsOfAnotherType_isRefusedHereAndTheJobIsDone(TestNode node) {
        String queue = quotes(node);

        assertThatThrownBy(() -> node.manager()
                        .requestResponse()
                        .pushAndWait(queue, new Inquiry("a secret", 1), Integer.class, MINUTE))
                .isInstanceOfSatisfying(
                        PayloadException.class, e -> assertThat(e.code()).isEqualTo("PGQ5007"))
                .hasMessageNotContaining("a secret");
        node.probe().await("completed " + queue);
    }

    @Test
    void pushAndWait_largeAnswer_arrivesWhole(TestNode node) {
        String queue = node.queueName();
        String large = "é".repeat(300_000);
        work(node, queue, (job, context) -> Outcome.complete(large));

        String answer = node.manager().requestResponse().pushAndWait(queue, new Inquiry("x", 1), String.class, MINUTE);

        assertThat(answer.equals(large)).isTrue();
    }

    @Test
    void pushAndWait_missingQueue_isRefused(TestNode node) {
        refused(node, () -> node.manager().requestResponse().pushAndWait("missing", 1, Integer.class, MINUTE))
                .isInstanceOfSatisfying(
                        QueueNotFoundException.class,
                        e -> assertThat(e.queue().value()).isEqualTo("missing"));
    }

    @Test
    void pushAndWait_badQueueName_isRefused(TestNode node) {
        refused(node, () -> node.manager().requestResponse().pushAndWait("no-name", 1, Integer.class, MINUTE))
                .isInstanceOf(InvalidNameException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT8760H0.000000001S", "PT1000000000H"})
    void pushAndWait_badTimeout_isRefused(Duration timeout, TestNode node) {
        String queue = node.queueName();

        refused(node, () -> node.manager().requestResponse().pushAndWait(queue, 1, Integer.class, timeout))
                .isInstanceOfSatisfying(
                        InvalidArgumentException.class,
                        e -> assertThat(e.code()).isEqualTo("PGQ4004"));
        assertThat(node.database().number("SELECT count(*) FROM queue_" + queue))
                .isZero();
    }

    @Test
    void pushAndWait_requestThatIsNoJson_isRefused(TestNode node) {
        String queue = node.queueName();

        refused(node, () -> node.manager().requestResponse().pushAndWait(queue, new Object(), Integer.class, MINUTE))
                .isInstanceOf(PayloadException.class);
        refused(node, () -> node.manager().requestResponse().pushAndWait(queue, "a\0b", Integer.class, MINUTE))
                .isInstanceOf(PayloadException.class);
        assertThat(node.database().number("SELECT count(*) FROM queue_" + queue))
                .isZero();
    }

    @Test
    void push_toTheSameQueue_isWorkedBesideRequests(TestNode node) {
        String queue = quotes(node);

        node.manager().queue(queue, Inquiry.class).push(new Inquiry("nobody waits", 1));
        node.manager().requestResponse().pushAndWait(queue, new Inquiry("somebody waits", 1), Quote.class, MINUTE);

        node.probe().await("completed " + queue, 2);
        Awaitility.await().until(() -> node.database().number("SELECT count(*) FROM pg_queue_request") == 0);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(TestNode node, ThrowingCallable call) {
        var refused = assertThatThrownBy(call);
        assertThat(node.database().number("SELECT count(*) FROM pg_queue_request"))
                .isZero();
        return refused;
    }

    private static String quotes(TestNode node) {
        String queue = node.queueName();
        work(
                node,
                queue,
                (job, context) -> Outcome.complete(new Quote(
                        job.payload().sku(),
                        new BigDecimal("2.50")
                                .multiply(BigDecimal.valueOf(job.payload().quantity())))));
        return queue;
    }

    private static void work(TestNode node, String queue, JobHandler<Inquiry> handler) {
        node.manager().work(queue, Inquiry.class, WorkerOptions.leased(), handler);
        node.manager().start();
    }
}
