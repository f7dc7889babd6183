package io.github.pgqueue.it.schema;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Somebody with the rights of one role, beside an owner of the schema who prepares what is to be done.
 *
 * @param manager of the role
 * @param dataSource of the role
 * @param owner a node with all rights
 * @param name the queue that both use
 */
record Actor(PgQueueManager manager, DataSource dataSource, TestNode owner, String name) {

    JobQueue<String> queue() {
        return manager.queue(name, String.class);
    }

    JobQueue<String> owners() {
        return owner.manager().queue(name, String.class);
    }

    /** A job that has just been popped, by the owner. */
    Job<String> held() {
        owners().push("x");
        return owners().pop().orElseThrow();
    }

    /** A request of the owner that waits for its answer. */
    UUID request() {
        CompletionStage<String> unused =
                owner.manager().requestResponse().request(name, "question", String.class, Duration.ofMinutes(1));
        return asked();
    }

    /** The request that lies in the queue. */
    UUID asked() {
        return owners().pop(100).stream()
                .flatMap(job -> Stream.ofNullable(job.requestId()))
                .findFirst()
                .orElseThrow();
    }

    /** One statement of the role in autocommit. */
    void sql(String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw StorageException.of(e);
        }
    }
}
