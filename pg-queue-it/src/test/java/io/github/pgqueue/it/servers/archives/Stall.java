package io.github.pgqueue.it.servers.archives;

import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Writes rows and jobs by the data source that the application itself brings. */
@ApplicationScoped
public class Stall {

    /** Its name. */
    static final String DATA_SOURCE = "java:app/jdbc/own";

    @Resource(lookup = DATA_SOURCE)
    private DataSource database;

    @Inject
    @PgQueue("stall")
    private JobQueue<String> queue;

    @Transactional
    public void sell(String what) {
        note(what);
        queue.push(what);
    }

    @Transactional
    public void sellAndThrow(String what) {
        sell(what);
        throw new IllegalStateException("on purpose");
    }

    @Transactional
    @PgWorker("stall")
    public void work(Job<String> job) {
        note("worked " + job.payload());
    }

    private void note(String source) {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO effect VALUES (?, 'x')")) {
            insert.setString(1, source);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
