package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.LeaseLostException;
import io.github.pgqueue.PgQueueOperations;
import io.github.pgqueue.QueueNotFoundException;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What is special about a connection that belongs to the caller. */
@PgQueueTest
class UsingConnectionIT {

    private static Connection transaction(TestDatabase database) throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void push_toAQueueOfTheSameTransaction_commitsWithIt(TestNode node) throws SQLException {
        try (Connection connection = transaction(node.database())) {
            execute(connection, "SELECT pg_queue_create_queue('made_with_its_jobs')");
            node.manager()
                    .using(connection)
                    .queue("made_with_its_jobs", String.class)
                    .push("x");
            connection.commit();
        }

        JobQueue<String> queue = node.manager().queue("made_with_its_jobs", String.class);
        assertThat(queue.pop()).map(Job::payload).contains("x");
    }

    @Test
    void push_toAQueueWhoseCreationIsRolledBack_leavesNoTrace(TestNode node) throws SQLException {
        try (Connection connection = transaction(node.database())) {
            JobQueue<String> queue = node.manager().using(connection).queue("never_made", String.class);
            execute(connection, "SELECT pg_queue_create_queue('never_made')");
            queue.push("x");
            connection.rollback();

            assertThatThrownBy(() -> queue.push("y")).isInstanceOf(QueueNotFoundException.class);
        }

        JobQueue<String> queue = node.manager().queue("never_made", String.class);
        assertThatThrownBy(queue::pop).isInstanceOfSatisfying(QueueNotFoundException.class, missing -> {
            assertThat(missing.code()).isEqualTo("PGQ1003");
            assertThat(missing.queue()).isEqualTo(queue.name());
            assertThat(missing).hasMessageContaining("pg_queue_create_queue('never_made')");
        });
    }

    @Test
    void push_onAConnectionInAutocommit_takesEffectAtOnce(TestNode node) throws SQLException {
        String name = node.queueName();

        try (Connection connection = node.database().connect()) {
            PgQueueOperations using = node.manager().using(connection);
            using.queue(name, String.class).push("x");

            Job<String> job = node.manager().queue(name, String.class).pop().orElseThrow();
            using.queue(name, String.class).complete(job);
            assertThat(connection.getAutoCommit()).isTrue();
        }

        assertThat(node.database().number("SELECT count(*) FROM queue_" + name)).isZero();
    }

    @Test
    void push_onAClosedConnection_isRefused(TestNode node) throws SQLException {
        String name = node.queueName();
        JobQueue<String> queue;
        try (Connection connection = transaction(node.database())) {
            queue = node.manager().using(connection).queue(name, String.class);
        }

        assertThatThrownBy(() -> queue.push("x")).isInstanceOfSatisfying(TransactionStateException.class, refused -> {
            assertThat(refused.code()).isEqualTo("PGQ6003");
            assertThat(refused).hasMessageContaining("closed");
        });
        assertThat(node.database().number("SELECT count(*) FROM queue_" + name)).isZero();
    }

    @Test
    void push_inAnAbortedTransaction_isRefusedAndNothingIsStored(TestNode node) throws SQLException {
        String name = node.queueName();

        try (Connection connection = transaction(node.database())) {
            assertThatThrownBy(() -> execute(connection, "SELECT 1/0")).isInstanceOf(SQLException.class);
            JobQueue<String> queue = node.manager().using(connection).queue(name, String.class);

            assertThatThrownBy(() -> queue.push("x")).isInstanceOfSatisfying(StorageException.class, refused -> {
                assertThat(refused.sqlState()).isEqualTo("25P02");
                assertThat(refused.transientFailure()).isFalse();
                assertThat(refused.outcomeUnknown()).isFalse();
            });
            connection.rollback();
        }

        assertThat(node.database().number("SELECT count(*) FROM queue_" + name)).isZero();
    }

    @Test
    void anyOperation_onTheCallersConnection_leavesItsSettingsAlone(TestNode node) throws SQLException {
        String name = node.queueName();

        try (Connection connection = transaction(node.database())) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setSchema("public");
            JobQueue<String> queue = node.manager().using(connection).queue(name, String.class);
            queue.push("x");

            assertThat(connection.isClosed()).isFalse();
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
            connection.commit();
        }
    }

    @Test
    void complete_ofAJobThatIsTakenOverMeanwhile_isDecidedByTheLock(TestNode node) throws SQLException {
        JobQueue<String> queue = node.queue();
        queue.push("x");
        Job<String> job = queue.pop().orElseThrow();
        node.endLease(job);

        try (Connection connection = transaction(node.database())) {
            node.manager()
                    .using(connection)
                    .queue(queue.name().value(), String.class)
                    .complete(job);

            assertThat(queue.pop()).as("the row is locked by its completion").isEmpty();
            connection.commit();
        }

        assertThat(queue.pop()).isEmpty();
        assertThatThrownBy(() -> queue.complete(job)).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void complete_rolledBackByALostConnection_leavesTheJobToOthers(TestNode node) throws SQLException {
        JobQueue<String> queue = node.queue();
        queue.push("x");
        Job<String> job = queue.pop().orElseThrow();
        Connection connection = transaction(node.database());
        JobQueue<String> using =
                node.manager().using(connection).queue(queue.name().value(), String.class);
        using.complete(job);

        node.database()
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND state = 'idle in transaction'");

        assertThatThrownBy(() -> using.push("y")).isInstanceOfSatisfying(StorageException.class, lost -> {
            assertThat(lost.code()).isEqualTo("PGQ6002");
            assertThat(lost.outcomeUnknown()).isTrue();
            assertThat(lost.transientFailure()).isTrue();
        });
        assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
        queue.complete(job);
        assertThat(node.database().number("SELECT count(*) FROM queue_" + queue.name()))
                .isZero();
    }
}
