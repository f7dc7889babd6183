package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A signal belongs to the transaction it was published in. */
@PgQueueTest
class PublishIT {

    @Test
    void publish_inATransaction_isReceivedAfterItsCommit(TestNode node) throws SQLException {
        try (PgListener listener = node.manager().createListener();
                Connection connection = transaction(node)) {
            listener.listen("committed");
            EventChannel<String> inside = node.manager().using(connection).channel("committed", String.class);

            inside.publishRaw("inside");
            node.manager().channel("committed", String.class).publishRaw("outside");

            assertThat(text(listener)).isEqualTo("outside");
            connection.commit();
            assertThat(text(listener)).isEqualTo("inside");
        }
    }

    @Test
    void publish_thenRollback_isNeverReceived(TestNode node) throws SQLException {
        try (PgListener listener = node.manager().createListener();
                Connection connection = transaction(node)) {
            listener.listen("rolled back");
            EventChannel<String> inside = node.manager().using(connection).channel("rolled back", String.class);

            inside.publishRaw("lost");
            connection.rollback();
            inside.publishRaw("kept");
            connection.commit();

            assertThat(text(listener)).isEqualTo("kept");
        }
    }

    @Test
    void publish_thenRollbackToASavepoint_isNeverReceived(TestNode node) throws SQLException {
        try (PgListener listener = node.manager().createListener();
                Connection connection = transaction(node)) {
            listener.listen("saved");
            EventChannel<String> inside = node.manager().using(connection).channel("saved", String.class);

            inside.publishRaw("first");
            Savepoint savepoint = connection.setSavepoint();
            inside.publishRaw("undone");
            connection.rollback(savepoint);
            inside.publishRaw("last");
            connection.commit();

            assertThat(text(listener)).isEqualTo("first");
            assertThat(text(listener)).isEqualTo("last");
        }
    }

    @Test
    void publish_largePayloadThenRollback_leavesNothing(TestNode node) throws SQLException {
        try (Connection connection = transaction(node)) {
            long before = node.database().number("SELECT count(*) FROM pg_queue_signal");

            node.manager().using(connection).channel("large", String.class).publishRaw("x".repeat(10_000));
            connection.rollback();

            assertThat(node.database().number("SELECT count(*) FROM pg_queue_signal"))
                    .isEqualTo(before);
        }
    }

    @Test
    void publish_onAConnectionInAutocommit_isReceivedAtOnce(TestNode node) throws SQLException {
        try (PgListener listener = node.manager().createListener();
                Connection connection = node.database().connect()) {
            listener.listen("at once");

            node.manager().using(connection).channel("at once", String.class).publishRaw("now");

            assertThat(text(listener)).isEqualTo("now");
        }
    }

    @Test
    void publish_insideBegin_joinsIt(TestNode node) {
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("begun");
            EventChannel<String> channel = node.manager().channel("begun", String.class);

            assertThatThrownBy(() -> node.manager().transactions().begin(connection -> {
                        channel.publishRaw("lost");
                        throw new IllegalStateException("on purpose");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            node.manager().transactions().begin(connection -> {
                channel.publishRaw("kept");
                return true;
            });

            assertThat(text(listener)).isEqualTo("kept");
        }
    }

    @Test
    void publish_byATransactionalWorker_belongsToTheAttemptThatCommits(TestNode node) {
        JobQueue<String> queue = node.queue();
        try (PgListener listener = node.manager().createListener()) {
            listener.listen("worked");
            EventChannel<Integer> channel = node.manager().channel("worked", Integer.class);
            node.manager().work(queue.name().value(), String.class, WorkerOptions.transactional(), (job, context) -> {
                channel.publish(job.attempt());
                if (job.attempt() == 1) {
                    throw new IllegalStateException("on purpose");
                }
                return Outcome.complete();
            });
            node.manager().start();

            queue.push("x");

            assertThat(text(listener)).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @CsvSource({"PGQ5002, large", "PGQ5003, nul", "PGQ5004, surrogate"})
    void publishRaw_textThatCannotBeSent_leavesTheTransactionUsable(String code, String kind, TestNode node)
            throws SQLException {
        String text = switch (kind) {
            case "large" -> "x".repeat((1 << 20) + 1);
            case "nul" -> "a\0b";
            default -> "a\uD83D";
        };
        try (PgListener listener = node.manager().createListener();
                Connection connection = transaction(node);
                Statement statement = connection.createStatement()) {
            listener.listen("usable");
            EventChannel<String> inside = node.manager().using(connection).channel("usable", String.class);
            statement.execute("CREATE TEMPORARY TABLE touched ()");

            assertThatThrownBy(() -> inside.publishRaw(text))
                    .isInstanceOfSatisfying(
                            PayloadException.class, e -> assertThat(e.code()).isEqualTo(code))
                    .hasMessageNotContaining("xxx");
            inside.publishRaw("fine");
            connection.commit();

            assertThat(text(listener)).isEqualTo("fine");
        }
    }

    @Test
    void publish_payloadThatIsNoJson_isRefused(TestNode node) {
        EventChannel<Object> channel = node.manager().channel("refusing", Object.class);

        assertThatThrownBy(() -> channel.publish(new Object()))
                .isInstanceOfSatisfying(
                        PayloadException.class, e -> assertThat(e.code()).isEqualTo("PGQ5006"));
    }

    @Test
    void publish_onAClosedConnection_isRefused(TestNode node) throws SQLException {
        Connection connection = transaction(node);
        EventChannel<String> inside = node.manager().using(connection).channel("over", String.class);

        connection.close();

        assertThatThrownBy(() -> inside.publish("x"))
                .isInstanceOfSatisfying(
                        TransactionStateException.class,
                        e -> assertThat(e.code()).isEqualTo("PGQ6003"));
    }

    @Test
    void publish_inAnAbortedTransaction_saysSo(TestNode node) throws SQLException {
        try (Connection connection = transaction(node);
                Statement statement = connection.createStatement()) {
            EventChannel<String> inside = node.manager().using(connection).channel("aborted", String.class);
            assertThatThrownBy(() -> statement.execute("SELECT 1 / 0")).isInstanceOf(SQLException.class);

            assertThatThrownBy(() -> inside.publish("x"))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.sqlState()).isEqualTo("25P02"));
        }
    }

    private static Connection transaction(TestNode node) throws SQLException {
        Connection connection = node.database().connect();
        connection.setAutoCommit(false);
        return connection;
    }
}
