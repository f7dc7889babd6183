package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.Intercepted;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDataSource;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The connection that listens goes back to its pool as it came: listening to nothing, in the same mode. */
@PgQueueTest
class BorrowedConnectionIT {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void close_leavesNothingOnTheConnectionsOfThePool(boolean autocommit, TestDatabase database) throws SQLException {
        try (Pool pool = new Pool(database, autocommit)) {
            PgQueueManager manager =
                    PgQueueManager.builder(pool).config(TestNode.quick()).build();
            PgListener listener = manager.createListener();
            listener.listenAll(List.of("a", "b"));
            manager.channel("b", String.class).publishRaw("heard");
            assertThat(text(listener)).isEqualTo("heard");
            assertThat(pool.lent()).isEqualTo(1);

            manager.close();

            assertThat(pool.lent()).isZero();
            for (Connection connection : pool.connections) {
                assertThat(connection.isClosed()).isFalse();
                assertThat(connection.getAutoCommit()).isEqualTo(autocommit);
                assertThat(connection.getNetworkTimeout()).isZero();
                assertThat(number(connection, "SELECT count(*) FROM pg_listening_channels()"))
                        .isZero();
                assertThat(number(connection, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                        .isZero();
            }
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Keeps the physical connections open, and resets nothing on them. */
    private static final class Pool implements TestDataSource, AutoCloseable {

        private final TestDatabase database;
        private final boolean autocommit;
        private final List<Connection> connections = new CopyOnWriteArrayList<>();
        private final BlockingDeque<Connection> idle = new LinkedBlockingDeque<>();

        Pool(TestDatabase database, boolean autocommit) {
            this.database = database;
            this.autocommit = autocommit;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection pooled = idle.poll();
            Connection physical = pooled == null ? open() : pooled;
            return Intercepted.proxy(Connection.class, physical, call -> {
                if (call.method().equals("close")) {
                    idle.add(physical);
                    return null;
                }
                return call.proceed();
            });
        }

        private Connection open() throws SQLException {
            Connection opened = database.connect();
            opened.setAutoCommit(autocommit);
            connections.add(opened);
            return opened;
        }

        int lent() {
            return connections.size() - idle.size();
        }

        @Override
        public void close() throws SQLException {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }
}
