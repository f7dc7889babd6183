package io.github.pgqueue.it.soak;

import io.github.pgqueue.queue.Job;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Locale;

/** How a job is worked. There is a queue for each, and whatever is pushed is pushed to all of them. */
enum Way {
    /** By a worker, whose transaction has the effect and the end of the job. */
    TRANSACTIONAL(true),
    /** By a worker without a transaction: the effect may come again, the end may not. */
    LEASED(false),
    /** Popped by hand, and completed in the transaction that has the effect. */
    BY_HAND(true);

    private final boolean once;

    Way(boolean once) {
        this.once = once;
    }

    /** Whether an effect may be there once only. */
    boolean once() {
        return once;
    }

    String queue() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Writes the effect of an attempt. */
    void write(Connection connection, Job<String> job) throws SQLException {
        write(connection, job.payload(), job.attempt());
    }

    /** The same of a job that the library has not claimed. */
    void write(Connection connection, String key, int attempt) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(SoakSql.WRITE_EFFECT)) {
            insert.setString(1, queue());
            insert.setString(2, key);
            insert.setInt(3, attempt);
            insert.executeUpdate();
        }
    }
}
