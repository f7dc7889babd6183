package io.github.pgqueue.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.pgqueue.RequestFailedException;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import io.github.pgqueue.rpc.RequestResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request never joins a transaction; its answer always does. */
@PgQueueTest
class RequestTransactionIT {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @BeforeEach
    void createEffects(TestNode node) {
        node.database()
                .execute(
                        "DROP TABLE IF EXISTS effect",
                        "CREATE TABLE effect (text text UNIQUE DEFERRABLE INITIALLY DEFERRED)");
    }

    @Test
    void pushAndWait_insideBegin_isRefusedAndNothingIsStored(TestNode node) {
        String queue = node.queueName();
        RequestResponse requests = node.manager().requestResponse();

        node.manager().transactions().begin(connection -> {
            refused(() -> requests.pushAndWait(queue, "x", String.class, MINUTE));
            refused(() -> requests.request(queue, "x", String.class, LONG));
            return true;
        });

        assertNothingStored(node, queue);
    }

    @Test
    void pushAndWait_usingATransaction_isRefusedAndTheTransactionGoesOn(TestNode node) throws SQLException {
        String queue = node.queueName();
        try (Connection connection = transaction(node)) {
            RequestResponse requests = node.manager().using(connection).requestResponse();
            insert(connection, "before");

            refused(() -> requests.pushAndWait(queue, "x", String.class, MINUTE));
            refused(() -> requests.request(queue, "x", String.class, LONG));
            insert(connection, "after");
            connection.commit();
        }

        assertThat(node.database().number("SELECT count(*) FROM effect")).isEqualTo(2);
        assertNothingStored(node, queue);
    }

    @Test
    void pushAndWait_usingAConnectionInAutocommit_isAnswered(TestNode node) throws SQLException {
        String queue = node.queueName();
        node.manager().work(queue, String.class, (job, context) -> Outcome.complete("here"));
        node.manager().start();
        try (Connection connection = node.database().connect()) {

            String answer =
                    node.manager().using(connection).requestResponse().pushAndWait(queue, "x", String.class, MINUTE);

            assertThat(answer).isEqualTo("here");
        }
    }

    @Test
    void work_transactional_answerAndEffectsAreOfOneTransaction(TestNode node) {
        JobQueue<String> queue = node.queue();
        UUID id = UUID.randomUUID();
        node.database()
                .execute(
                        "INSERT INTO pg_queue_request (request_id, reply_to, deadline) VALUES ('" + id
                                + "', 'nobody', now() + interval '1 hour')",
                        "INSERT INTO queue_" + queue.name() + " (payload, run_at, request_id, deadline) VALUES"
                                + " ('\"x\"', now(), '" + id + "', now() + interval '1 hour')");

        work(node, queue, (job, context) -> {
            insert(context.connection(), "effect");
            return Outcome.complete("answer");
        });

        node.probe().await("completed " + queue.name());
        // The transaction that wrote the answer is the one that wrote the effect.
        Awaitility.await()
                .until(() -> node.database()
                        .text("SELECT (SELECT xmin FROM pg_queue_request WHERE request_id = '" + id
                                + "' AND response = '\"answer\"') = (SELECT xmin FROM effect)")
                        .equals("t"));
        node.database().execute("DELETE FROM pg_queue_request");
    }

    @Test
    void work_transactional_commitFails_noAnswerOfThatAttempt(TestNode node) {
        JobQueue<String> queue = node.queue();
        node.database().execute("INSERT INTO effect VALUES ('taken')");
        work(node, queue, (job, context) -> {
            insert(context.connection(), "taken");
            return Outcome.complete("an answer that must not be seen");
        });

        RequestFailedException failure = catchThrowableOfType(
                RequestFailedException.class,
                () -> node.manager().requestResponse().pushAndWait(queue.name().value(), "x", String.class, MINUTE));

        assertThat(failure.remoteType()).isEqualTo(StorageException.class.getName());
        assertThat(node.database().number("SELECT count(*) FROM effect")).isEqualTo(1);
    }

    @Test
    void work_transactional_retriesAfterItsEffects_commitsThemWithoutAnAnswer(TestNode node) {
        JobQueue<String> queue = node.queue();
        work(node, queue, (job, context) -> {
            insert(context.connection(), "attempt " + job.attempt());
            return job.attempt() == 1 ? Outcome.retry(Duration.ZERO) : Outcome.complete("second");
        });

        String answer =
                node.manager().requestResponse().pushAndWait(queue.name().value(), "x", String.class, MINUTE);

        assertThat(answer).isEqualTo("second");
        assertThat(node.database().text("SELECT string_agg(text, ', ' ORDER BY text) FROM effect"))
                .isEqualTo("attempt 1, attempt 2");
    }

    @Test
    void storeResponse_usingATransaction_isSeenAtItsCommit(TestNode node) throws SQLException {
        JobQueue<String> queue = node.queue();
        CompletableFuture<String> answer = request(node, queue);
        UUID id = requestId(queue.pop().orElseThrow());
        try (Connection connection = transaction(node)) {
            RequestResponse inside = node.manager().using(connection).requestResponse();

            assertThat(inside.storeResponse(id, "rolled back")).isTrue();
            connection.rollback();
            assertThat(inside.storeResponse(id, "committed")).isTrue();
            assertThat(inside.storeResponse(id, "second")).isFalse();
            assertThat(answer).isNotDone();
            connection.commit();

            assertThat(answer).succeedsWithin(MINUTE).isEqualTo("committed");
        }
    }

    @Test
    void storeResponse_ofALargeOrBadAnswer_leavesTheTransactionUsable(TestNode node) throws SQLException {
        JobQueue<String> queue = node.queue();
        CompletableFuture<String> answer = request(node, queue);
        UUID id = requestId(queue.pop().orElseThrow());
        try (Connection connection = transaction(node)) {
            RequestResponse inside = node.manager().using(connection).requestResponse();
            insert(connection, "before");

            assertThatThrownBy(() -> inside.storeResponse(id, "a\0b")).hasMessageContaining("PGQ5003");
            assertThatThrownBy(() -> inside.storeResponse(id, "x".repeat(2_000_000)))
                    .hasMessageContaining("PGQ5002");
            assertThat(inside.storeResponse(id, "fine")).isTrue();
            connection.commit();
        }

        assertThat(answer).succeedsWithin(MINUTE).isEqualTo("fine");
        assertThat(node.database().number("SELECT count(*) FROM effect")).isEqualTo(1);
    }

    private static void work(TestNode node, JobQueue<String> queue, JobHandler<String> handler) {
        node.manager().work(queue.name().value(), String.class, WorkerOptions.transactional(), handler);
        node.manager().start();
    }

    private static void insert(Connection connection, String text) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO effect VALUES (?)")) {
            insert.setString(1, text);
            insert.executeUpdate();
        }
    }

    private static void refused(ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        TransactionStateException.class,
                        e -> assertThat(e.code()).isEqualTo("PGQ4001"));
    }

    private static void assertNothingStored(TestNode node, String queue) {
        assertThat(node.database().number("SELECT count(*) FROM pg_queue_request"))
                .isZero();
        assertThat(node.database().number("SELECT count(*) FROM queue_" + queue))
                .isZero();
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

    private static Connection transaction(TestNode node) throws SQLException {
        Connection connection = node.database().connect();
        connection.setAutoCommit(false);
        return connection;
    }
}
