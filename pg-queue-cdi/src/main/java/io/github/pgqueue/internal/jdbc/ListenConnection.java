package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.ListenConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One connection in autocommit mode that listens. Used by one thread; {@link #close} may come from any.
 *
 * <p>It is proved by a notification to itself, since a pool such as PgBouncer in transaction mode accepts LISTEN and
 * delivers nothing. A connection that was borrowed goes back listening to nothing and holding no session lock.
 */
public final class ListenConnection implements AutoCloseable {

    /**
     * What arrived.
     *
     * @param channel the channel's full name
     * @param payload maybe empty
     * @param pid the sender's server session
     */
    public record Received(String channel, String payload, int pid) {}

    private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(5);
    private static final int VALID_TIMEOUT_SECONDS = 5;
    /** No statement here takes long: without an answer for so long the other end has vanished. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    private final Connection connection;
    private final PGConnection postgres;
    /** The driver's own object: the pools of some servers refuse to set a network timeout. */
    private final Connection physical;

    private final boolean autocommit;
    private final int networkTimeout;

    private ListenConnection(Connection connection) throws SQLException {
        this.connection = connection;
        this.postgres = connection.unwrap(PGConnection.class);
        this.physical = postgres instanceof Connection driver ? driver : connection;
        this.networkTimeout = physical.getNetworkTimeout();
        physical.setNetworkTimeout(Runnable::run, (int) ANSWER_TIMEOUT.toMillis());
        this.autocommit = connection.getAutoCommit();
        if (!autocommit) {
            connection.setAutoCommit(true);
        }
    }

    /** Opens the connection of the settings, or borrows one. */
    public static ListenConnection open(ListenConfig config, DataSource dataSource) throws SQLException {
        Connection connection = source(config, dataSource).getConnection();
        try {
            return new ListenConnection(connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static DataSource source(ListenConfig config, DataSource dataSource) {
        if (config.url() == null) {
            return dataSource;
        }
        PGSimpleDataSource direct = new PGSimpleDataSource();
        direct.setUrl(config.url());
        direct.setApplicationName("pg-queue listener");
        direct.setTcpKeepAlive(true);
        setCredentials(direct, config.user(), config.password());
        return direct;
    }

    private static void setCredentials(PGSimpleDataSource direct, @Nullable String user, @Nullable String password) {
        if (user != null) {
            direct.setUser(user);
        }
        if (password != null) {
            direct.setPassword(password);
        }
    }

    /** Whether a notification that this connection sends on the channel comes back to it. */
    public boolean delivers(String channel) throws SQLException {
        String nonce = UUID.randomUUID().toString();
        listen(channel);
        Jdbc.single(
                connection,
                JdbcSql.NOTIFY,
                statement -> {
                    statement.setString(1, channel);
                    statement.setString(2, nonce);
                },
                row -> true);
        long end = System.nanoTime() + PROOF_TIMEOUT.toNanos();
        while (System.nanoTime() - end < 0) {
            for (Received received : poll(100)) {
                if (received.payload().equals(nonce)) {
                    return true;
                }
            }
        }
        return false;
    }

    public void listen(String channel) throws SQLException {
        execute(JdbcSql.LISTEN.replace("${channel}", postgres.escapeIdentifier(channel)));
    }

    public void unlisten(String channel) throws SQLException {
        execute(JdbcSql.UNLISTEN.replace("${channel}", postgres.escapeIdentifier(channel)));
    }

    /** Takes the lock of that name for as long as this is open; false if another session has it. */
    public boolean tryLock(String name) throws SQLException {
        return Jdbc.single(
                connection, JdbcSql.TRY_LOCK, statement -> statement.setString(1, name), row -> row.getBoolean("held"));
    }

    /** Waits for notifications, at most for so many milliseconds, which must not be 0. */
    public List<Received> poll(int timeoutMillis) throws SQLException {
        PGNotification[] arrived = postgres.getNotifications(timeoutMillis);
        if (arrived == null) {
            return List.of();
        }
        List<Received> received = new ArrayList<>(arrived.length);
        for (PGNotification notification : arrived) {
            received.add(new Received(
                    notification.getName(),
                    notification.getParameter() == null ? "" : notification.getParameter(),
                    notification.getPID()));
        }
        return received;
    }

    /** A half-open connection looks like silence: this asks the server, with a timeout of its own. */
    public boolean isAlive() throws SQLException {
        return connection.isValid(VALID_TIMEOUT_SECONDS);
    }

    @Override
    public void close() {
        try (Connection closing = connection) {
            if (closing.isValid(VALID_TIMEOUT_SECONDS)) {
                execute(JdbcSql.STOP_LISTENING);
                if (!autocommit) {
                    closing.setAutoCommit(false);
                }
                physical.setNetworkTimeout(Runnable::run, networkTimeout);
            } else {
                closing.abort(Runnable::run);
            }
        } catch (SQLException e) {
            // It was broken: the server has dropped what it listened to.
            return;
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
