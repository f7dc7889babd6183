package io.github.pgqueue.it.servers.lifecycle.app;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/**
 * An application without pg-queue. It borrows every connection of a pool of the server at once, which fails if an
 * application that is gone has kept one, and counts what their sessions listen to; or it holds the thread of the server
 * for a moment.
 */
@WebServlet("/door")
public class PoolDoor extends HttpServlet {

    /** The parameter with the JNDI name of the pool. */
    public static final String POOL = "pool";
    /** What it answers to a request for nothing. */
    public static final String HELD = "held";

    /** As in the configuration of the servers. */
    private static final int POOL_SIZE = 20;

    private static final int MOMENT_MILLIS = 100;
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String pool = request.getParameter(POOL);
        response.getWriter().print(pool == null ? hold() : borrow(find(pool)));
    }

    /** So that other requests get other threads. */
    private static String hold() {
        try {
            boolean counted = new CountDownLatch(1).await(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
            return counted ? "" : HELD;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    @SuppressWarnings("BanJNDI") // the names are constants of the test
    private static DataSource find(String pool) throws IOException {
        try {
            return (DataSource) new InitialContext().lookup(pool);
        } catch (NamingException e) {
            throw new IOException(e);
        }
    }

    private static String borrow(DataSource pool) throws IOException {
        List<Connection> borrowed = new ArrayList<>();
        int channels = 0;
        try {
            try {
                for (int i = 0; i < POOL_SIZE; i++) {
                    Connection connection = pool.getConnection();
                    borrowed.add(connection);
                    channels += channels(connection);
                }
            } finally {
                for (Connection connection : borrowed) {
                    connection.close();
                }
            }
        } catch (SQLException e) {
            throw new IOException("after " + borrowed.size() + " connections", e);
        }
        return borrowed.size() + " connections, " + channels + " channels";
    }

    private static int channels(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_listening_channels()")) {
            row.next();
            return row.getInt(1);
        }
    }
}
