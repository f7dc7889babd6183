package io.github.pgqueue.it.soak;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.queue.Job;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** How a job that was popped by hand is completed in a transaction. */
@FunctionalInterface
interface Completion {

    /** Completes the job, or fails if it is no longer held. */
    void complete(Connection connection, Job<String> job) throws SQLException;

    /** By the library. */
    static Completion fenced(PgQueueManager manager) {
        return (connection, job) -> manager.using(connection)
                .queue(Way.BY_HAND.queue(), String.class)
                .complete(job);
    }

    /** The control: by the id of the job alone. */
    static Completion unfenced() {
        return (connection, job) -> {
            try (PreparedStatement delete = connection.prepareStatement(SoakSql.COMPLETE_UNFENCED)) {
                delete.setLong(1, job.id());
                delete.executeUpdate();
            }
        };
    }
}
