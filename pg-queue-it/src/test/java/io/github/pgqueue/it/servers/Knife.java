package io.github.pgqueue.it.servers;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Ends the database session of the caller's transaction, so that its commit is lost with its connection. */
@ApplicationScoped
public class Knife {

    @Inject
    private Databases databases;

    /** Ends the session that the calling thread's transaction has on a data source. */
    public void cut(String name) {
        String session = databases.text(name, "SELECT pg_backend_pid()");
        DataSource apart = databases.get(Environment.OTHER);
        Thread thread = new Thread(() -> terminate(apart, session), "knife");
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void terminate(DataSource dataSource, String session) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_terminate_backend(" + session + ", 10000)")) {
            row.next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
