package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.it.support.Intercepted;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDataSource;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is special about jobs that come as a stream; how they join a transaction is in {@link JoiningQueueContract}. */
@PgQueueTest
class PushStreamIT {

    private static Stream<String> portions() {
        return IntStream.range(0, 30).mapToObj(i -> i + "x".repeat(100_000));
    }

    /** As with a driver that the library does not know. */
    private static Connection outOfReach(Connection connection) {
        return Intercepted.proxy(
                Connection.class, connection, call -> call.method().equals("isWrapperFor") ? false : call.proceed());
    }

    @Test
    void pushStream_hundredThousand_areAllThereInTheirOrder(TestNode node) {
        JobQueue<Integer> queue = node.queue(Integer.class);

        long pushed = queue.pushStream(IntStream.range(0, 100_000).boxed());

        assertThat(pushed).isEqualTo(100_000);
        assertThat(node.probe().events()).contains("pushed " + queue.name() + " 100000");
        assertThat(queue.pendingCount()).isEqualTo(100_000);
        assertThat(node.database()
                        .number("SELECT count(*) FROM (SELECT payload::text::integer AS n,"
                                + " row_number() OVER (ORDER BY id) - 1 AS place FROM queue_" + queue.name()
                                + ") AS job WHERE n = place"))
                .isEqualTo(100_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pushStream_driverInReachOrNot_pushesAllOrNone(boolean driverInReach, TestDatabase database) {
        AtomicInteger copies = new AtomicInteger();
        TestDataSource connections = () -> Intercepted.proxy(
                Connection.class, driverInReach ? database.connect() : outOfReach(database.connect()), call -> {
                    if (call.method().equals("unwrap")) {
                        copies.incrementAndGet();
                    }
                    return call.proceed();
                });
        try (TestNode node = TestNode.on(database, connections, config -> config)) {
            JobQueue<String> queue = node.queue();
            String none = "SELECT count(*) FROM queue_" + queue.name();

            assertThatThrownBy(() -> queue.pushStream(portions().peek(payload -> {
                        if (payload.startsWith("29")) {
                            assertThat(database.number(none)).isZero();
                            throw new ArithmeticException("the stream's own");
                        }
                    })))
                    .isInstanceOf(ArithmeticException.class);
            assertThat(database.number(none)).isZero();
            queue.pushStream(portions());

            assertThat(queue.pop(100))
                    .extracting(Job::payload)
                    .containsExactlyElementsOf(portions().toList());
            assertThat(copies.get() > 0).isEqualTo(driverInReach);
        }
    }

    @Test
    void pushStream_sessionIsLostInTheMiddle_pushesNoneAndThenAll(TestNode node) {
        JobQueue<String> queue = node.queue();
        String none = "SELECT count(*) FROM queue_" + queue.name();

        assertThatThrownBy(() -> queue.pushStream(portions().peek(payload -> {
                    if (payload.startsWith("25")) {
                        endCopyingSession(node.database());
                    }
                })))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        lost -> assertThat(lost.transientFailure()).isTrue());
        assertThat(node.database().number(none)).isZero();

        assertThat(queue.pushStream(portions())).isEqualTo(30);
        assertThat(node.database().number(none)).isEqualTo(30);
    }

    /** The one in whose transaction rows have been copied. */
    private static void endCopyingSession(TestDatabase database) {
        assertThat(
                        database.number(
                                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                        + " WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE 'COPY%'"))
                .isEqualTo(1);
    }

    @Test
    void pushStream_onAConnectionInAutocommit_isOneTransaction(TestNode node) throws SQLException {
        String name = node.queueName();

        try (Connection connection = node.database().connect()) {
            JobQueue<String> queue = node.manager().using(connection).queue(name, String.class);
            Stream<String> twoPortions = IntStream.range(0, 4).mapToObj(i -> i + "x".repeat(1 << 19));
            Stream<String> end = Stream.of("the end").filter(payload -> !fail(connection));

            assertThatThrownBy(() -> queue.pushStream(Stream.concat(twoPortions, end)))
                    .as("the stream has made its transaction one that cannot be committed")
                    .hasMessageContaining("25P02");
            assertThat(queue.pushStream(portions())).isEqualTo(30);
            assertThat(connection.getAutoCommit()).isTrue();
        }

        assertThat(node.database().number("SELECT count(DISTINCT xmin::text) || '0' || count(*) FROM queue_" + name))
                .isEqualTo(1030);
    }

    /** Swallows the failure, as applications do. */
    private static boolean fail(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("SELECT 1/0");
        } catch (SQLException e) {
            return true;
        }
    }
}
