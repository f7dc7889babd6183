package io.github.pgqueue.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TcpProxy;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.Outcome;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An answer is found whether or not its notification arrives, and a notification alone is no answer. */
@PgQueueTest
class ReplyDeliveryIT {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void answer_withoutAnyNotification_isFound(TestNode node) {
        String queue = node.queueName();
        CompletableFuture<String> answer = request(node, queue);
        UUID id = requestId(node, queue);

        node.database()
                .execute("UPDATE pg_queue_request SET outcome = 'value', response = '\"silent\"' WHERE request_id = '"
                        + id + "'");

        assertThat(answer).succeedsWithin(MINUTE).isEqualTo("silent");
    }

    @Test
    void answer_listeningIsDisabled_isFound(TestDatabase database) {
        try (TestNode node = TestNode.on(database, config -> config.withListen(ListenConfig.disabled()))) {
            String queue = node.queueName();
            node.manager().work(queue, String.class, (job, context) -> Outcome.complete("polled"));
            node.manager().start();

            String answer = node.manager().requestResponse().pushAndWait(queue, "x", String.class, MINUTE);

            assertThat(answer).isEqualTo("polled");
        }
    }

    @Test
    void answer_whileTheListenerIsLost_isFound(TestDatabase database) {
        try (TcpProxy proxy = TcpProxy.before(database);
                TestNode node = TestNode.on(
                        database,
                        config -> config.withListen(new ListenConfig(
                                true,
                                proxy.dataSource(database).getURL(),
                                database.database().user(),
                                database.database().password())))) {
            String queue = node.queueName();
            CompletableFuture<String> answer = request(node, queue);
            UUID id = requestId(node, queue);
            node.probe().await("listening ");
            proxy.cut();
            node.probe().await("listeningLost");

            node.manager().requestResponse().storeResponse(id, "unheard");

            assertThat(answer).succeedsWithin(MINUTE).isEqualTo("unheard");
        }
    }

    @Test
    void answer_requestsFromAnotherNode_isFound(TestNode caller, TestDatabase database) {
        try (TestNode worker = TestNode.on(database)) {
            String queue = caller.queueName();
            worker.manager().work(queue, String.class, (job, context) -> Outcome.complete("from afar"));
            worker.manager().start();

            String answer = caller.manager().requestResponse().pushAndWait(queue, "x", String.class, MINUTE);

            assertThat(answer).isEqualTo("from afar");
        }
    }

    @Test
    void notificationWithoutAnAnswer_changesNothing(TestNode node) {
        String queue = node.queueName();
        CompletableFuture<String> answer = request(node, queue);
        UUID id = requestId(node, queue);
        String replyTo = node.database().text("SELECT reply_to FROM pg_queue_request WHERE request_id = '" + id + "'");

        node.database()
                .execute(
                        "SELECT pg_notify('" + replyTo + "', '')",
                        "SELECT pg_notify('" + replyTo + "', '{\"outcome\": \"forged\"}')",
                        "SELECT pg_notify('" + replyTo + "', '" + id + "')");
        node.manager().requestResponse().storeResponse(id, "genuine");

        assertThat(answer).succeedsWithin(MINUTE).isEqualTo("genuine");
    }

    @Test
    void pgQueueStoreResponse_inSql_isAnAnswer(TestNode node) {
        String queue = node.queueName();
        CompletableFuture<String> answer = request(node, queue);
        UUID id = requestId(node, queue);

        String first = node.database().text("SELECT pg_queue_store_response('" + id + "', '\"from sql\"')");

        assertThat(first).isEqualTo("t");
        assertThat(answer).succeedsWithin(MINUTE).isEqualTo("from sql");
        assertThat(node.database().text("SELECT pg_queue_store_response('" + id + "', '\"again\"')"))
                .isEqualTo("f");
        assertThat(node.database().text("SELECT pg_queue_store_response(gen_random_uuid(), '1')"))
                .isEqualTo("f");
    }

    @Test
    void pgQueueStoreResponse_twiceBeforeItIsRead_theFirstWins(TestNode node) {
        String id = UUID.randomUUID().toString();
        node.database()
                .execute("INSERT INTO pg_queue_request (request_id, reply_to, deadline) VALUES ('" + id
                        + "', 'nobody', now() + interval '1 hour')");

        String both = node.database()
                .text("SELECT concat(pg_queue_store_response('" + id + "', '1'), pg_queue_store_response('" + id
                        + "', '2'))");

        assertThat(both).isEqualTo("tf");
        assertThat(node.database().text("SELECT response FROM pg_queue_request WHERE request_id = '" + id + "'"))
                .isEqualTo("1");
        node.database().execute("DELETE FROM pg_queue_request WHERE request_id = '" + id + "'");
    }

    private static CompletableFuture<String> request(TestNode node, String queue) {
        return node.manager()
                .requestResponse()
                .request(queue, "x", String.class, LONG)
                .toCompletableFuture();
    }

    private static UUID requestId(TestNode node, String queue) {
        UUID id = node.manager()
                .queue(queue, String.class)
                .pop()
                .map(Job::requestId)
                .orElseThrow();
        assertThat(id).isNotNull();
        return id;
    }
}
