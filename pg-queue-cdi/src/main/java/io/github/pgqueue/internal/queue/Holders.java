package io.github.pgqueue.internal.queue;

import io.github.pgqueue.QueueName;
import io.github.pgqueue.internal.jdbc.Jdbc;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;

/** Sessions that keep jobs locked which they no longer hold, since their workers are frozen. */
final class Holders {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.queue");

    private Holders() {}

    /** Runs a statement that ends such sessions, and says so for each of their jobs. */
    static void terminate(Connection connection, String sql, QueueName queue, Jdbc.Binder binder) throws SQLException {
        Jdbc.query(
                        connection,
                        sql,
                        binder,
                        row -> "job " + row.getLong("id") + " of queue " + queue + " was held by session "
                                + row.getInt("pid"))
                .forEach(held -> LOG.log(
                        Level.WARNING,
                        "{0} long after its lease had ended: the session is terminated, and the job taken over",
                        held));
    }
}
