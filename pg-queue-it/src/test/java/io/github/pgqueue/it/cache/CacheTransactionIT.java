package io.github.pgqueue.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** The cache never joins a transaction and never changes its fate. */
@PgQueueTest
class CacheTransactionIT {

    private static final Duration HOUR = Duration.ofHours(1);

    @BeforeEach
    void createTable(TestNode node) {
        node.database().execute("DROP TABLE IF EXISTS business", "CREATE TABLE business (text text)");
    }

    @Test
    void set_thenRollback_staysSet(TestNode node) throws SQLException {
        try (Connection connection = transaction(node)) {
            PgCache cache = node.manager().using(connection).cache("rolled back");

            cache.set("k", "v", HOUR);
            connection.rollback();

            assertThat(cache.get("k", String.class)).hasValue("v");
        }
    }

    @Test
    void set_insideBegin_isSeenByOthersAtOnce(TestNode node) {
        PgCache cache = node.manager().cache("begun");

        assertThatThrownBy(() -> node.manager().transactions().begin(connection -> {
                    cache.set("k", "v", HOUR);
                    assertThat(node.database().number("SELECT count(*) FROM pg_queue_cache WHERE cache = 'begun'"))
                            .isEqualTo(1);
                    throw new IllegalStateException("on purpose");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("on purpose");

        assertThat(cache.get("k", String.class)).hasValue("v");
    }

    @Test
    void everyMethod_inAnAbortedTransaction_worksAndDoesNotTouchIt(TestNode node) throws SQLException {
        try (Connection connection = transaction(node);
                Statement statement = connection.createStatement()) {
            PgCache cache = node.manager().using(connection).cache("aborted");
            assertThatThrownBy(() -> statement.execute("SELECT 1 / 0")).isInstanceOf(SQLException.class);

            cache.set("a", "v", HOUR);
            assertThat(cache.get("a", String.class)).hasValue("v");
            assertThat(cache.getOrSet("b", String.class, HOUR, () -> "loaded")).isEqualTo("loaded");
            assertThat(cache.delete("a")).isTrue();
            assertThat(cache.cleanupExpired()).isZero();
            cache.clear();

            assertThat(connection.unwrap(BaseConnection.class).getTransactionState())
                    .isEqualTo(TransactionState.FAILED);
        }
    }

    @Test
    void refusedCall_inATransaction_leavesItUsable(TestNode node) throws SQLException {
        try (Connection connection = transaction(node);
                Statement statement = connection.createStatement()) {
            PgCache cache = node.manager().using(connection).cache("refusing");
            statement.execute("INSERT INTO business VALUES ('kept')");

            assertThatThrownBy(() -> cache.set("k\0", "v", HOUR)).hasMessageContaining("PGQ3002");
            assertThatThrownBy(() -> cache.set("k", "v\0", HOUR)).hasMessageContaining("PGQ5003");
            assertThatThrownBy(() -> cache.getOrSet("k", String.class, HOUR, () -> {
                        throw new IllegalStateException("on purpose");
                    }))
                    .hasMessage("on purpose");
            connection.commit();
        }

        assertThat(node.database().text("SELECT text FROM business")).isEqualTo("kept");
    }

    @Test
    void get_inATransaction_takesNoPartInIt(TestNode node) throws SQLException {
        try (Connection connection = transaction(node)) {
            PgCache cache = node.manager().using(connection).cache("idle");

            cache.set("k", "v", HOUR);
            cache.get("k", String.class);

            assertThat(connection.unwrap(BaseConnection.class).getTransactionState())
                    .isEqualTo(TransactionState.IDLE);
        }
    }

    private static Connection transaction(TestNode node) throws SQLException {
        Connection connection = node.database().connect();
        connection.setAutoCommit(false);
        return connection;
    }
}
