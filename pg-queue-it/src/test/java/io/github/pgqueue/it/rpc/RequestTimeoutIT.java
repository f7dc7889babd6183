package io.github.pgqueue.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.RequestTimeoutException;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.rpc.RequestResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A request that is not answered in time has an unknown outcome, and nothing that comes later reaches anybody. */
@PgQueueTest
class RequestTimeoutIT {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void pushAndWait_nobodyWorks_timesOutWithUnknownOutcome(TestNode node) {
        String queue = node.queueName();

        assertThatThrownBy(() -> node.manager().requestResponse().pushAndWait(queue, "x", String.class, SHORT))
                .isInstanceOfSatisfying(RequestTimeoutException.class, e -> {
                    assertThat(e.code()).isEqualTo("PGQ4002");
                    assertThat(e.queue().value()).isEqualTo(queue);
                    assertThat(isStored(node, e.requestId())).isFalse();
                })
                .hasMessageContaining("unknown");
    }

    @Test
    void request_nobodyWorks_completesItsStageWithTheTimeout(TestNode node) {
        CompletableFuture<String> answer = node.manager()
                .requestResponse()
                .request(node.queueName(), "x", String.class, SHORT)
                .toCompletableFuture();

        assertThat(answer)
                .failsWithin(MINUTE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(RequestTimeoutException.class);
    }

    @Test
    void request_oneTimesOut_theOthersGoOn(TestNode node) {
        String queue = node.queueName();
        RequestResponse requests = node.manager().requestResponse();
        CompletableFuture<String> patient =
                requests.request(queue, "patient", String.class, LONG).toCompletableFuture();
        Job<String> job = node.manager().queue(queue, String.class).pop().orElseThrow();

        assertThatThrownBy(() -> requests.pushAndWait(queue, "impatient", String.class, SHORT))
                .isInstanceOf(RequestTimeoutException.class);

        assertThat(patient).isNotDone();
        requests.storeResponse(requestId(job), "in time");
        assertThat(patient).succeedsWithin(MINUTE).isEqualTo("in time");
    }

    @Test
    void storeResponse_afterTheTimeout_isNotStored_andTheJobIsNotDisturbed(TestNode node) {
        JobQueue<String> queue = node.queue();
        RequestResponse requests = node.manager().requestResponse();
        CompletableFuture<String> answer =
                requests.request(queue.name().value(), "x", String.class, SHORT).toCompletableFuture();
        postponeDeadline(node, queue);
        Job<String> job = queue.pop().orElseThrow();
        assertThat(answer).failsWithin(MINUTE);

        boolean first = requests.storeResponse(requestId(job), "too late");

        assertThat(first).isFalse();
        assertThat(isStored(node, requestId(job))).isFalse();
        queue.complete(job);
    }

    @Test
    void work_answerComesTooLate_completesTheJob_andTheNextRequestGetsItsOwn(TestNode node) {
        JobQueue<String> queue = node.queue();
        RequestResponse requests = node.manager().requestResponse();
        CompletableFuture<String> timedOut = requests.request(queue.name().value(), "old", String.class, SHORT)
                .toCompletableFuture();
        postponeDeadline(node, queue);
        assertThat(timedOut).failsWithin(MINUTE);
        CompletableFuture<String> next = requests.request(queue.name().value(), "new", String.class, LONG)
                .toCompletableFuture();

        node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete(job.payload()));
        node.manager().start();

        assertThat(next).succeedsWithin(MINUTE).isEqualTo("new");
        node.probe().await("completed " + queue.name(), 2);
        assertThat(node.probe().countOf("failed")).isZero();
    }

    @Test
    void work_deadlineHasPassed_isNotStarted(TestNode node) {
        JobQueue<String> queue = node.queue();
        List<String> started = new CopyOnWriteArrayList<>();
        node.manager().requestResponse().request(queue.name().value(), "overdue", String.class, LONG);
        node.database().execute("UPDATE queue_" + queue.name() + " SET deadline = clock_timestamp() - interval '1 ms'");

        assertThat(queue.pop()).isEmpty();
        node.manager().work(queue.name().value(), String.class, (job, context) -> {
            started.add(job.payload());
            return Outcome.complete();
        });
        node.manager().start();
        queue.push("an ordinary job");

        Awaitility.await().until(() -> !started.isEmpty());
        node.probe().await("completed " + queue.name());
        assertThat(started).containsExactly("an ordinary job");
    }

    @Test
    void work_deadlineHasPassedAndTheLeaseOfItsWorkerToo_isNotStartedAgain(TestNode node) {
        JobQueue<String> queue = node.queue();
        node.manager().requestResponse().request(queue.name().value(), "overdue", String.class, LONG);
        Job<String> job = queue.pop().orElseThrow();

        node.database().execute("UPDATE queue_" + queue.name() + " SET deadline = clock_timestamp() - interval '1 ms'");
        node.endLease(job);

        assertThat(queue.pop()).isEmpty();
    }

    @Test
    void housekeeping_removesOverdueRequests_butNotOneThatRuns(TestDatabase database) {
        try (TestNode node = TestNode.on(database, config -> config.withHousekeepingInterval(Duration.ofMillis(100)))) {
            JobQueue<String> queue = node.queue();
            String rows = "SELECT count(*) FROM queue_" + queue.name();
            RequestResponse requests = node.manager().requestResponse();
            requests.request(queue.name().value(), "runs", String.class, LONG);
            Job<String> running = queue.pop().orElseThrow();
            requests.request(queue.name().value(), "waits", String.class, LONG);
            queue.push("an ordinary job");
            database.execute("UPDATE queue_" + queue.name()
                    + " SET deadline = clock_timestamp() - interval '1 ms' WHERE deadline IS NOT NULL");

            node.manager().start();

            Awaitility.await().until(() -> database.number(rows) == 2);
            queue.complete(running);
            assertThat(queue.pop()).map(Job::payload).hasValue("an ordinary job");
        }
    }

    /** Lets the job be started although its caller has given up, as if it had been started just in time. */
    private static void postponeDeadline(TestNode node, JobQueue<String> queue) {
        node.database().execute("UPDATE queue_" + queue.name() + " SET deadline = deadline + interval '1 hour'");
    }

    private static boolean isStored(TestNode node, UUID request) {
        return node.database().number("SELECT count(*) FROM pg_queue_request WHERE request_id = '" + request + "'") > 0;
    }

    private static UUID requestId(Job<?> job) {
        UUID id = job.requestId();
        assertThat(id).isNotNull();
        return id;
    }
}
