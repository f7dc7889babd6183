package io.github.pgqueue.it.queue;

import io.github.pgqueue.PayloadType;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The queue inside a JDBC transaction that belongs to the caller. */
@PgQueueTest
class UsingConnectionQueueIT implements JoiningQueueContract {

    private TestNode node;
    private Connection connection;

    @BeforeEach
    void open(TestDatabase database) throws SQLException {
        node = TestNode.on(database, JobQueueContract::settings);
        connection = database.connect();
        connection.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        node.close();
    }

    @Override
    public TestDatabase database() {
        return node.database();
    }

    @Override
    public <T> JobQueue<T> queue(PayloadType<T> payload) {
        return node.manager().using(connection).queue(node.queueName(), payload);
    }

    @Override
    public <T> JobQueue<T> missingQueue(PayloadType<T> payload) {
        return node.manager().using(connection).queue("nobody_made_it", payload);
    }

    @Override
    public <R> R committed(Supplier<R> work) {
        try {
            R result;
            try {
                result = work.get();
            } catch (RuntimeException | Error e) {
                connection.rollback();
                throw e;
            }
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void rollback(Runnable work) {
        try {
            work.run();
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void business(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
