package io.github.pgqueue.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.LeaseLostException;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.rpc.RequestResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A job that was popped by hand is answered by hand. The first answer counts, whoever gives it. */
@PgQueueTest
class StoreResponseIT {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void storeResponse_thenComplete_answers(TestNode node) {
        JobQueue<String> queue = node.queue();
        CompletableFuture<String> answer = request(node, queue);
        Job<String> job = queue.pop().orElseThrow();

        boolean first = node.manager().requestResponse().storeResponse(requestId(job), "by hand");
        queue.complete(job);

        assertThat(first).isTrue();
        assertThat(answer).succeedsWithin(MINUTE).isEqualTo("by hand");
        assertThat(job.deadline()).isAfter(job.pushedAt());
    }

    @Test
    void storeResponse_secondAnswer_isFalseAndChangesNothing(TestNode node) {
        JobQueue<String> queue = node.queue();
        CompletableFuture<String> answer = request(node, queue);
        Job<String> job = queue.pop().orElseThrow();
        RequestResponse requests = node.manager().requestResponse();

        requests.storeResponse(requestId(job), "first");
        boolean second = requests.storeResponse(requestId(job), "second");

        assertThat(second).isFalse();
        assertThat(answer).succeedsWithin(MINUTE).isEqualTo("first");
        assertThat(requests.storeResponse(requestId(job), "third")).isFalse();
        queue.complete(job);
    }

    @Test
    void work_alreadyAnsweredRequest_completesTheJob(TestNode node) {
        JobQueue<String> queue = node.queue();
        CompletableFuture<String> answer = request(node, queue);
        UUID id = UUID.fromString(node.database().text("SELECT request_id FROM queue_" + queue.name()));

        node.manager().requestResponse().storeResponse(id, "first");
        node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete("second"));
        node.manager().start();

        node.probe().await("completed " + queue.name());
        assertThat(answer).succeedsWithin(MINUTE).isEqualTo("first");
        assertThat(node.probe().countOf("failed")).isZero();
        assertThat(queue.pendingCount()).isZero();
    }

    @Test
    void work_takenOverRequest_isAnsweredOnce(TestNode node) {
        JobQueue<String> queue = node.queue();
        CompletableFuture<String> answer = request(node, queue);
        Job<String> hung = queue.pop().orElseThrow();
        node.endLease(hung);
        Job<String> successor = queue.pop().orElseThrow();
        RequestResponse requests = node.manager().requestResponse();

        boolean first = requests.storeResponse(requestId(successor), "successor");
        boolean second = requests.storeResponse(requestId(hung), "hung");

        assertThat(successor.requestId()).isEqualTo(hung.requestId());
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThatThrownBy(() -> queue.complete(hung)).isInstanceOf(LeaseLostException.class);
        queue.complete(successor);
        assertThat(answer).succeedsWithin(MINUTE).isEqualTo("successor");
    }

    @Test
    void storeResponse_unknownRequest_isFalse(TestNode node) {
        boolean first = node.manager().requestResponse().storeResponse(UUID.randomUUID(), "x");

        assertThat(first).isFalse();
        assertThat(node.database().number("SELECT count(*) FROM pg_queue_request"))
                .isZero();
    }

    @Test
    void storeResponse_answerThatIsNoJson_isRefused(TestNode node) {
        assertThatThrownBy(() -> node.manager().requestResponse().storeResponse(UUID.randomUUID(), new Object()))
                .hasMessageContaining("PGQ5006");
    }

    @Test
    void pop_ordinaryJob_hasNoRequest(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("nobody waits");

        Job<String> job = queue.pop().orElseThrow();

        assertThat(job.requestId()).isNull();
        assertThat(job.deadline()).isNull();
    }

    private static CompletableFuture<String> request(TestNode node, JobQueue<String> queue) {
        return node.manager()
                .requestResponse()
                .request(queue.name().value(), "x", String.class, LONG)
                .toCompletableFuture();
    }

    private static UUID requestId(Job<?> job) {
        UUID id = job.requestId();
        assertThat(id).isNotNull();
        return id;
    }
}
