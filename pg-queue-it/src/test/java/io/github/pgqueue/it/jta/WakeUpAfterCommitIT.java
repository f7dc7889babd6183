package io.github.pgqueue.it.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.TransactionManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Wake-ups and signals of a transaction are sent after its commit, so that it can be prepared. The poll interval is ten
 * minutes: only a wake-up explains that a job is worked.
 */
@PgQueueTest
class WakeUpAfterCommitIT {

    @ApplicationScoped
    static class Shop {
        @Inject
        @PgQueue("wakeups")
        JobQueue<String> queue;

        boolean push(String payload) {
            return queue.push(payload).id() > 0;
        }

        boolean pushStream(Stream<String> payloads) {
            return queue.pushStream(payloads) > 0;
        }

        @PgWorker("wakeups")
        void work(String payload) {}
    }

    @ApplicationScoped
    static class OtherDatabase {
        @Inject
        @Named("other")
        DataSource dataSource;

        void write() throws SQLException {
            try (var connection = dataSource.getConnection();
                    var statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO elsewhere VALUES (1)");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = NarayanaPool.class, mode = Mode.EXCLUDE, names = "APART")
    void push_wakesASleepingWorkerAfterTheCommit(NarayanaPool kind, TestDatabase database) throws Exception {
        try (WeldNode node = WeldNode.builder()
                .dataSource(database, kind)
                .config("pg-queue.schema-management", "migrate")
                .config("pg-queue.defaults.poll-interval", "PT10M")
                .beans(Shop.class)
                .start()) {
            node.probe().await("asleep wakeups");

            node.inTransaction(() -> node.get(Shop.class).push("x"));

            node.probe().await("completed wakeups");
        }
    }

    @Test
    void pushStream_inATransactionOfTwoResources_commitsWithBothAndWakes(TestDatabase database) throws Exception {
        try (TestDatabase other = otherDatabase();
                WeldNode node = twoResources(database, other, "after-commit")) {
            node.probe().await("asleep wakeups");

            node.inTransaction(() -> {
                node.get(OtherDatabase.class).write();
                return node.get(Shop.class).pushStream(IntStream.range(0, 30).mapToObj(i -> i + "x".repeat(100_000)));
            });

            node.probe().await("completed wakeups", 30);
            assertThat(other.number("SELECT count(*) FROM elsewhere")).isEqualTo(1);
        }
    }

    @Test
    void push_withNotifyInTransaction_wakesByTheCommit(TestDatabase database) throws Exception {
        try (WeldNode node = WeldNode.builder()
                .dataSource(database, NarayanaPool.LOCAL)
                .config("pg-queue.schema-management", "migrate")
                .config("pg-queue.defaults.poll-interval", "PT10M")
                .config("pg-queue.notify", "in-transaction")
                .beans(Shop.class)
                .start()) {
            node.probe().await("asleep wakeups");

            node.inTransaction(() -> node.get(Shop.class).push("x"));

            node.probe().await("completed wakeups");
        }
    }

    @Test
    void push_inATransactionOfTwoResources_commitsWithBothAndWakes(TestDatabase database) throws Exception {
        try (TestDatabase other = otherDatabase();
                WeldNode node = twoResources(database, other, "after-commit");
                PgListener listener = node.get(PgQueueManager.class).createListener()) {
            listener.listen("two");
            node.probe().await("asleep wakeups");

            node.inTransaction(() -> {
                node.get(OtherDatabase.class).write();
                node.get(PgQueueManager.class).channel("two", String.class).publish("both");
                return node.get(Shop.class).push("x");
            });

            node.probe().await("completed wakeups");
            assertThat(listener.receive(Duration.ofSeconds(30))).isPresent();
            assertThat(other.number("SELECT count(*) FROM elsewhere")).isEqualTo(1);
            assertThat(database.number("SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()"))
                    .isZero();
        }
    }

    @Test
    void push_inATransactionOfTwoResourcesThatRollsBack_leavesNeither(TestDatabase database) throws Exception {
        try (TestDatabase other = otherDatabase();
                WeldNode node = twoResources(database, other, "after-commit")) {
            TransactionManager transactions = node.transactionManager();
            transactions.begin();
            node.get(OtherDatabase.class).write();
            node.get(Shop.class).push("x");
            transactions.rollback();

            assertThat(other.number("SELECT count(*) FROM elsewhere")).isZero();
            assertThat(database.number("SELECT count(*) FROM queue_wakeups")).isZero();
        }
    }

    /** PostgreSQL refuses to prepare what has notified: the reason why after-commit is the default. */
    @Test
    void push_inATransactionOfTwoResourcesWithNotifyInTransaction_cannotCommitAndLeavesNeither(TestDatabase database)
            throws Exception {
        try (TestDatabase other = otherDatabase();
                WeldNode node = twoResources(database, other, "in-transaction")) {
            node.probe().await("asleep wakeups");

            assertThatThrownBy(() -> node.inTransaction(() -> {
                        node.get(OtherDatabase.class).write();
                        return node.get(Shop.class).push("x");
                    }))
                    .isNotNull();

            assertThat(other.number("SELECT count(*) FROM elsewhere")).isZero();
            assertThat(database.number("SELECT count(*) FROM queue_wakeups")).isZero();
        }
    }

    private static TestDatabase otherDatabase() {
        TestDatabase other = TestDatabase.empty();
        other.execute("CREATE TABLE elsewhere (n integer)");
        return other;
    }

    private static WeldNode twoResources(TestDatabase database, TestDatabase other, String notify) {
        return WeldNode.builder()
                .dataSource("main", database, NarayanaPool.XA)
                .dataSource("other", other, NarayanaPool.XA)
                .config("pg-queue.datasource", "main")
                .config("pg-queue.schema-management", "migrate")
                .config("pg-queue.defaults.poll-interval", "PT10M")
                .config("pg-queue.notify", notify)
                .beans(Shop.class, OtherDatabase.class)
                .start();
    }
}
