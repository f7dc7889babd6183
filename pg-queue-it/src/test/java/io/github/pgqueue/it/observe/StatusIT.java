package io.github.pgqueue.it.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.NodeStatus;
import io.github.pgqueue.NodeStatus.Lifecycle;
import io.github.pgqueue.NodeStatus.Listening;
import io.github.pgqueue.PgQueueStatus;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.HookedDataSource;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TcpProxy;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code PgQueueManager.status()}: each part of it, as it is when all is well and when it is not. */
@PgQueueTest
class StatusIT {

    @Test
    void status_ofAHealthyNode_saysSo(TestNode node) {
        String queue = work(node);

        node.manager().start();
        node.probe().await("listening");
        node.manager().queue(queue, String.class).push("x");
        node.probe().await("completed " + queue);
        PgQueueStatus status = node.manager().status();

        assertThat(status.node().lifecycle()).isEqualTo(Lifecycle.STARTED);
        assertThat(status.node().listening()).isEqualTo(Listening.LISTENING);
        assertThat(status.node().deadThreads()).isEmpty();
        assertThat(status.schemaProblem()).isNull();
        assertThat(status.claimProblem()).isNull();
        assertThat(status.oldestReady()).isEmpty();
        assertThat(status.preparedTransactions()).isZero();
        assertThat(status.oldestPrepared()).isNull();
    }

    @Test
    void status_beforeTheStart_looksAtTheDatabaseAndStartsNothing(TestNode node) {
        PgQueueStatus status = node.manager().status();

        assertThat(status.node()).isEqualTo(new NodeStatus(Lifecycle.CREATED, Listening.IDLE, List.of(), null));
        assertThat(status.schemaInOrder()).isTrue();
        assertThat(status.canClaim()).isTrue();
    }

    @Test
    void status_jobsThatWait_haveTheAgeOfTheOldest(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");
        queue.push("y");
        node.database()
                .execute("UPDATE queue_%s SET pushed_at = pushed_at - interval '1 hour' WHERE payload = '\"x\"'"
                        .formatted(queue.name()));
        JobQueue<String> delayed = node.queue();
        delayed.push("z", PushOptions.none().withDelay(Duration.ofHours(1)));

        PgQueueStatus status = node.manager().status();

        assertThat(status.oldestReady()).containsOnlyKeys(queue.name());
        assertThat(status.oldestReady().get(queue.name())).isBetween(Duration.ofHours(1), Duration.ofMinutes(70));
    }

    @Test
    void status_leaseThatEnded_isReadyToo(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");
        node.endLease(queue.pop().orElseThrow());

        assertThat(node.manager().status().oldestReady()).containsOnlyKeys(queue.name());
    }

    @Test
    void status_afterTheFirstJob_knowsItsKindOfThread(TestNode node) {
        String queue = work(node);

        node.manager().start();
        node.manager().queue(queue, String.class).push("x");
        node.probe().await("completed " + queue);

        // The default threads of the library.
        assertThat(node.manager().nodeStatus().virtualThreads()).isFalse();
    }

    @Test
    void status_schemaRemoved_isAProblemWithItsRemedy() {
        try (TestDatabase database = TestDatabase.create();
                TestNode node = TestNode.on(database)) {
            work(node);
            node.manager().start();
            database.execute("ALTER TABLE pg_queue_schema RENAME TO gone");

            PgQueueStatus status = node.manager().status();

            assertThat(status.schemaProblem()).startsWith("PGQ7005").contains("setup.sql");
            assertThat(status.canClaim()).isFalse();
        }
    }

    @Test
    void status_workedQueueDropped_cannotClaim(TestNode node) {
        String queue = work(node);
        node.manager().start();
        node.database().execute("SELECT pg_queue_drop_queue('" + queue + "')");

        assertThat(node.manager().status().claimProblem()).contains("do not exist", queue);
    }

    @Test
    void status_queueThatIsOnlyPushedTo_isNoClaimProblem(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");
        node.database().execute("SELECT pg_queue_drop_queue('" + queue.name() + "')");

        PgQueueStatus status = node.manager().status();

        assertThat(status.claimProblem()).isNull();
        assertThat(status.oldestReady()).isEmpty();
    }

    @Test
    void status_poolThatGivesNothing_isToldInTimeAndSharedByAll(TestDatabase database) {
        HookedDataSource pool = new HookedDataSource(database.dataSource());
        Gate gate = new Gate();
        try (TestNode node = TestNode.on(database, pool, config -> config)) {
            work(node);
            pool.before(gate::passStubbornly);

            PgQueueStatus first = node.manager().status();
            PgQueueStatus second = node.manager().status();

            assertThat(first.schemaProblem()).startsWith("the database has not answered for");
            assertThat(first.canClaim()).isFalse();
            assertThat(second.schemaProblem()).startsWith("the database has not answered for");
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().equals("pg-queue status"))
                    .hasSize(1);
            pool.allow();
            gate.open();
            await().untilAsserted(
                            () -> assertThat(node.manager().status().canClaim()).isTrue());
        }
    }

    @Test
    void status_databaseRefuses_saysWhy(TestDatabase database) {
        HookedDataSource pool = new HookedDataSource(database.dataSource());
        try (TestNode node = TestNode.on(database, pool, config -> config)) {
            pool.refuse();

            assertThat(node.manager().status().schemaProblem()).startsWith("PGQ6002");
        }
    }

    @Test
    void status_whileDrainingAndClosed_saysSo(TestNode node) {
        Gate gate = new Gate();
        String queue = node.queueName();
        node.manager().work(queue, String.class, (job, context) -> {
            gate.pass();
            return Outcome.complete();
        });
        node.manager().start();
        node.manager().queue(queue, String.class).push("x");
        gate.awaitReached();

        InBackground<Boolean> closing = InBackground.run(node.manager()::close);
        await().until(() -> node.manager().nodeStatus().lifecycle() == Lifecycle.DRAINING);
        PgQueueStatus draining = node.manager().status();
        gate.open();
        closing.result();
        PgQueueStatus closed = node.manager().status();

        assertThat(draining.schemaProblem()).isNull();
        assertThat(closed.node().lifecycle()).isEqualTo(Lifecycle.CLOSED);
        assertThat(closed.schemaProblem()).isEqualTo("the manager is closed");
    }

    @Test
    void status_listenerCut_isLostAndFoundAgain(TestDatabase database) {
        try (TcpProxy proxy = TcpProxy.before(database);
                TestNode node = TestNode.on(
                        database,
                        config -> config.withListen(new ListenConfig(
                                true,
                                proxy.dataSource(database).getURL(),
                                database.database().user(),
                                database.database().password())))) {
            work(node);
            node.manager().start();
            node.probe().await("listening ");

            proxy.cut();
            node.probe().await("listeningLost");
            PgQueueStatus lost = node.manager().status();
            proxy.mend();
            node.probe().await("listening ", 2);

            assertThat(lost.node().listening()).isEqualTo(Listening.LOST);
            assertThat(lost.canClaim()).isTrue();
            assertThat(node.manager().nodeStatus().listening()).isEqualTo(Listening.LISTENING);
        }
    }

    @Test
    void status_listeningSwitchedOff_isOff(TestDatabase database) {
        try (TestNode node = TestNode.on(database, config -> config.withListen(ListenConfig.disabled()))) {
            work(node);
            node.manager().start();

            assertThat(node.manager().nodeStatus().listening()).isEqualTo(Listening.OFF);
        }
    }

    @Test
    void status_loopThatSomebodyInterrupted_isDead(TestNode node) {
        String queue = work(node);
        node.manager().start();
        node.probe().await("asleep " + queue);

        thread("pg-queue " + queue).interrupt();

        await().untilAsserted(() ->
                assertThat(node.manager().nodeStatus().deadThreads()).containsExactly("worker of queue " + queue));
    }

    @Test
    void status_workerThatWasClosed_isNotDead(TestNode node) {
        String queue = node.queueName();
        var worker = node.manager().work(queue, String.class, (job, context) -> Outcome.complete());
        node.manager().start();

        worker.close();

        assertThat(node.manager().nodeStatus().deadThreads()).isEmpty();
    }

    @Test
    void status_openTransaction_isTheOldestXmin(TestNode node) throws SQLException {
        try (Connection report = node.database().connect();
                Statement statement = report.createStatement()) {
            report.setAutoCommit(false);
            statement.execute("SET application_name = 'report'");
            statement.execute("SELECT pg_current_xact_id()");
            node.queue().push("x");

            assertThat(node.manager().status().oldestXmin()).isNotNull().satisfies(holder -> {
                assertThat(holder.who()).matches("session \\d+ of report");
                assertThat(holder.age()).isNotNull();
                assertThat(holder.transactions()).isPositive();
            });
            report.rollback();
        }
    }

    @Test
    void status_preparedTransaction_isCounted(TestNode node) throws SQLException {
        node.database().execute("CREATE TABLE prepared_effect (n int)");
        try (Connection connection = node.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("INSERT INTO prepared_effect VALUES (1)");
            statement.execute("PREPARE TRANSACTION 'forgotten'");

            PgQueueStatus status = node.manager().status();

            statement.execute("ROLLBACK PREPARED 'forgotten'");
            assertThat(status.preparedTransactions()).isEqualTo(1);
            assertThat(status.oldestPrepared()).isNotNull();
        }
    }

    private static String work(TestNode node) {
        String queue = node.queueName();
        node.manager().work(queue, String.class, (job, context) -> Outcome.complete());
        return queue;
    }

    private static Thread thread(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
