package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.HookedDataSource;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobContext;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushOptions;
import io.github.pgqueue.queue.WorkerOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a transactional handler writes, pushes and publishes is committed with the end of its job, once, or not at all. */
@PgQueueTest
class TransactionalWorkerIT {

    /** Such a job is leased by its row. */
    private static final PushOptions DELAYED = PushOptions.none().withDelay(Duration.ofMillis(1));

    private static void start(TestNode node, JobQueue<String> queue, JobHandler<String> handler) {
        node.manager().work(queue.name().value(), String.class, WorkerOptions.transactional(), handler);
        node.manager().start();
    }

    /** Starts a worker whose effect says that it was the other one. */
    private static void startOther(TestNode other, JobQueue<String> queue, String table) {
        start(other, queue, (job, context) -> {
            insert(context, table, "other");
            return Outcome.complete();
        });
    }

    /** Starts a worker whose job has written its effect and waits until the gate is opened. */
    private static Gate startSlow(TestNode slow, JobQueue<String> queue, String table) {
        Gate gate = new Gate();
        start(slow, queue, (job, context) -> {
            insert(context, table, "slow");
            gate.pass();
            return Outcome.complete();
        });
        gate.awaitReached();
        return gate;
    }

    private static String table(TestNode node, JobQueue<?> queue) {
        String table = "effect_of_" + queue.name();
        node.database().execute("CREATE TABLE " + table + " (text text UNIQUE DEFERRABLE INITIALLY DEFERRED)");
        return table;
    }

    private static void insert(JobContext context, String table, String text) throws SQLException {
        try (var insert = context.connection().prepareStatement("INSERT INTO " + table + " VALUES (?)")) {
            insert.setString(1, text);
            insert.executeUpdate();
        }
    }

    private static void awaitEmpty(TestNode node, JobQueue<?> queue) {
        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
    }

    private static String effects(TestNode node, String table) {
        return node.database().text("SELECT string_agg(text, ',' ORDER BY text) FROM " + table);
    }

    @Test
    void throw_afterWritesAndPushes_undoesThemAll(TestNode node) {
        JobQueue<String> queue = node.queue();
        JobQueue<String> next = node.queue();
        String table = table(node, queue);
        List<String> signals = new CopyOnWriteArrayList<>();
        node.manager().subscribe("signals", String.class, signals::add);
        queue.push("x");

        start(node, queue, (job, context) -> {
            String text = "attempt " + job.attempt();
            insert(context, table, text);
            next.push(text);
            next.pushAll(List.of(text));
            node.manager().channel("signals", String.class).publish(text);
            if (job.attempt() == 1) {
                throw new IllegalStateException("undo");
            }
            return Outcome.complete();
        });

        awaitEmpty(node, queue);
        assertThat(effects(node, table)).isEqualTo("attempt 2");
        assertThat(next.pop(10)).extracting(Job::payload).containsExactly("attempt 2", "attempt 2");
        node.database().await("SELECT 1", 1);
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(signals).containsExactly("attempt 2"));
    }

    @Test
    void return_anyOutcome_commitsTheWritesWithIt(TestNode node) {
        JobQueue<String> queue = node.queue();
        String table = table(node, queue);
        queue.push("x");

        start(node, queue, (job, context) -> {
            insert(context, table, "attempt " + job.attempt());
            return switch (job.attempt()) {
                case 1 -> Outcome.retry(Duration.ZERO);
                case 2 -> Outcome.fail(new IllegalStateException("and yet it wrote"));
                default -> Outcome.dead("enough");
            };
        });

        awaitEmpty(node, queue);
        assertThat(effects(node, table)).isEqualTo("attempt 1,attempt 2,attempt 3");
        assertThat(node.database()
                        .text("SELECT failures || ' ' || attempt FROM pg_queue_dead_letter WHERE queue = '"
                                + queue.name() + "'"))
                .isEqualTo("2 3");
    }

    static Stream<Outcome> outcomes() {
        return Stream.of(
                Outcome.complete(),
                Outcome.retry(Duration.ZERO),
                Outcome.fail(new IllegalStateException("failed")),
                Outcome.dead("enough"));
    }

    /** The first attempt is one of the plain lane, the second one of the row lane. */
    @ParameterizedTest
    @MethodSource("outcomes")
    void return_afterASwallowedSqlError_isAFailedAttemptAtOnce(Outcome outcome, TestNode node) {
        JobQueue<String> queue = node.queue();
        String table = table(node, queue);
        queue.push("x");

        start(node, queue, (job, context) -> {
            insert(context, table, "attempt " + job.attempt() + " after " + job.failures());
            if (job.attempt() > 2) {
                return Outcome.complete();
            }
            try (Statement statement = context.connection().createStatement()) {
                assertThatThrownBy(() -> statement.execute("SELECT 1/0")).isInstanceOf(SQLException.class);
            }
            return outcome;
        });

        awaitEmpty(node, queue);
        assertThat(effects(node, table)).isEqualTo("attempt 3 after 2");
        assertThat(node.probe().countOf("failed " + queue.name())).isEqualTo(2);
        assertThat(node.probe().failure(queue.name().value()))
                .startsWith("PGQ6008: the handler went on after an SQL error")
                .endsWith("The error was: ERROR: division by zero");
    }

    @Test
    void return_whenTheCommitFails_isAFailedAttempt(TestNode node) {
        JobQueue<String> queue = node.queue();
        String table = table(node, queue);
        node.database().execute("INSERT INTO " + table + " VALUES ('taken')");
        Set<Integer> attempts = ConcurrentHashMap.newKeySet();
        queue.push("x");

        start(node, queue, (job, context) -> {
            attempts.add(job.attempt());
            insert(context, table, job.attempt() == 1 ? "taken" : "free");
            return Outcome.complete();
        });

        awaitEmpty(node, queue);
        assertThat(attempts).containsExactlyInAnyOrder(1, 2);
        assertThat(effects(node, table)).isEqualTo("free,taken");
    }

    @Test
    void connection_outsideOfATransactionalWorker_isRefused(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");

        node.manager().work(queue.name().value(), String.class, (job, context) -> {
            assertThatThrownBy(context::connection)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("transactional()");
            return Outcome.complete();
        });
        node.manager().start();

        awaitEmpty(node, queue);
        assertThat(node.probe().countOf("failed")).isZero();
    }

    @Test
    void work_frozenBeforeItsTransaction_neverRunsWhatAnotherHasDone(TestDatabase database) {
        HookedDataSource dataSource = new HookedDataSource(database.dataSource());
        try (TestNode frozen = TestNode.on(
                        database,
                        dataSource,
                        config -> config.withQueueDefaults(
                                queue -> queue.withConcurrency(1).withLease(Duration.ofHours(1))));
                TestNode other = TestNode.on(database)) {
            JobQueue<String> queue = frozen.queue();
            queue.push("x");
            Gate gate = new Gate();
            dataSource.before(() -> {
                if (Thread.currentThread().getName().equals("pg-queue " + queue.name() + "-1")) {
                    gate.passStubbornly();
                }
            });
            List<String> worked = new CopyOnWriteArrayList<>();
            start(frozen, queue, (job, context) -> {
                worked.add("frozen");
                return Outcome.complete();
            });
            gate.awaitReached();

            JobQueue<String> elsewhere = other.manager().queue(queue.name().value(), String.class);
            database.endLeases(queue.name(), Duration.ofSeconds(1));
            elsewhere.complete(elsewhere.pop().orElseThrow());
            gate.open();

            frozen.probe().await("leaseLost " + queue.name());
            assertThat(worked).isEmpty();
        }
    }

    @Test
    void work_frozenInItsTransactionPastItsLease_stillCommitsOnce(TestDatabase database) {
        try (TestNode frozen = TestNode.on(
                        database, config -> config.withQueueDefaults(queue -> queue.withLease(Duration.ofHours(1))));
                TestNode other = TestNode.on(database)) {
            JobQueue<String> queue = frozen.queue();
            String table = table(frozen, queue);
            queue.push("x");
            Gate gate = new Gate();
            start(frozen, queue, (job, context) -> {
                insert(context, table, "frozen");
                gate.pass();
                return Outcome.complete();
            });
            gate.awaitReached();
            database.endLeases(queue.name(), Duration.ofSeconds(1));

            assertThat(other.manager().queue(queue.name().value(), String.class).pop())
                    .isEmpty();
            gate.open();

            awaitEmpty(frozen, queue);
            assertThat(effects(frozen, table)).isEqualTo("frozen");
            assertThat(database.number(
                            "SELECT count(*) FROM pg_queue_dead_letter WHERE queue = '" + queue.name() + "'"))
                    .isZero();
        }
    }

    @Test
    void work_frozenInItsTransactionLongAfterItsLease_isTerminatedAndTakenOver(TestDatabase database) {
        try (TestNode frozen = TestNode.on(
                        database,
                        config -> config.withQueueDefaults(
                                queue -> queue.withLease(Duration.ofHours(1)).withConcurrency(1)));
                TestNode other = TestNode.on(database)) {
            JobQueue<String> queue = frozen.queue();
            String table = table(frozen, queue);
            queue.push("x");
            Gate gate = new Gate();
            start(frozen, queue, (job, context) -> {
                insert(context, table, "frozen");
                gate.passStubbornly();
                return Outcome.complete();
            });
            gate.awaitReached();
            database.endLeases(queue.name(), Duration.ofHours(1));

            startOther(other, queue, table);

            awaitEmpty(other, queue);
            gate.open();
            assertThat(effects(other, table)).isEqualTo("other");
        }
    }

    @Test
    void work_delayedJobFrozenInItsTransaction_isTerminatedAndTakenOver(TestDatabase database) {
        HookedDataSource dataSource = new HookedDataSource(database.dataSource());
        try (TestNode frozen = TestNode.on(database, dataSource, TransactionalWorkerIT::briefly);
                TestNode other = TestNode.on(database, TransactionalWorkerIT::briefly)) {
            JobQueue<String> queue = frozen.queue();
            String table = table(frozen, queue);
            queue.push("x", DELAYED);
            Gate handling = new Gate();
            Gate claiming = new Gate();
            AtomicBoolean freezes = new AtomicBoolean();
            dataSource.before(() -> {
                if (freezes.get() && Thread.currentThread().getName().equals("pg-queue " + queue.name())) {
                    claiming.passStubbornly();
                }
            });
            start(frozen, queue, (job, context) -> {
                insert(context, table, "frozen");
                freezes.set(true);
                handling.passStubbornly();
                return Outcome.complete();
            });
            handling.awaitReached();
            claiming.awaitReached();

            startOther(other, queue, table);

            awaitEmpty(other, queue);
            handling.open();
            claiming.open();
            assertThat(effects(other, table)).isEqualTo("other");
        }
    }

    @Test
    void work_delayedJobLongerThanItsLease_isLeftAloneWhileItsNodeLives(TestDatabase database) {
        try (TestNode slow = TestNode.on(database, TransactionalWorkerIT::briefly);
                TestNode other = TestNode.on(database, TransactionalWorkerIT::briefly)) {
            JobQueue<String> queue = slow.queue();
            String table = table(slow, queue);
            queue.push("x", DELAYED);
            Gate gate = startSlow(slow, queue, table);
            startOther(other, queue, table);

            awaitSaidToBeWorked(database, queue, "1 s");
            gate.open();

            awaitEmpty(slow, queue);
            assertThat(effects(slow, table)).isEqualTo("slow");
        }
    }

    /** Waits until a node says of the only job that it is worked so long after its lease in the row. */
    private static void awaitSaidToBeWorked(TestDatabase database, JobQueue<?> queue, String interval) {
        database.await(
                "SELECT held.until - job.leased_until > interval '" + interval + "' FROM queue_" + queue.name()
                        + " AS job JOIN pg_queue_held AS held ON held.queue = '" + queue.name()
                        + "' AND held.id = job.id",
                "t");
    }

    @Test
    void work_delayedJobWhoseNodeCannotSayThatItLives_isLeftAloneIfItSoonCan(TestDatabase database) {
        HookedDataSource dataSource = new HookedDataSource(database.dataSource());
        UnaryOperator<PgQueueConfig> lease =
                config -> briefly(config).withQueueDefaults(queue -> queue.withLease(Duration.ofSeconds(1)));
        try (TestNode slow = TestNode.on(database, dataSource, lease);
                TestNode other = TestNode.on(database, lease)) {
            JobQueue<String> queue = slow.queue();
            String table = table(slow, queue);
            queue.push("x", DELAYED);
            Gate gate = startSlow(slow, queue, table);
            AtomicInteger failures = new AtomicInteger();
            dataSource.before(() -> {
                if (Thread.currentThread().getName().equals("pg-queue " + queue.name())
                        && failures.incrementAndGet() <= 2) {
                    throw new SQLException("the connection is lost", "08006");
                }
            });
            startOther(other, queue, table);

            awaitSaidToBeWorked(database, queue, "2 s");
            gate.open();

            awaitEmpty(slow, queue);
            assertThat(effects(slow, table)).isEqualTo("slow");
            assertThat(failures).hasValueGreaterThan(2);
        }
    }

    /** Its node lives, but does not say so of a job whose time is over. */
    @Test
    void work_delayedJobThatDoesNotStopWhenItsTimeIsOver_isTerminatedAndTakenOver(TestDatabase database) {
        try (TestNode stuck = TestNode.on(
                        database,
                        config -> briefly(config)
                                .withQueueDefaults(queue -> queue.withMaxRunTime(Duration.ofMillis(100))));
                TestNode other = TestNode.on(database, TransactionalWorkerIT::briefly)) {
            JobQueue<String> queue = stuck.queue();
            String table = table(stuck, queue);
            queue.push("x", DELAYED);
            Gate gate = new Gate();
            start(stuck, queue, (job, context) -> {
                insert(context, table, "stuck");
                gate.passStubbornly();
                return Outcome.complete();
            });
            gate.awaitReached();

            startOther(other, queue, table);

            awaitEmpty(other, queue);
            gate.open();
            stuck.probe().await("leaseLost " + queue.name());
            assertThat(effects(other, table)).isEqualTo("other");
        }
    }

    private static PgQueueConfig briefly(PgQueueConfig config) {
        return config.withQueueDefaults(
                queue -> queue.withLease(Duration.ofMillis(200)).withConcurrency(1));
    }

    @Test
    void work_frozenInATransactionThatIsTerminated_leavesNoEffect(TestDatabase database) {
        try (TestNode frozen = TestNode.on(
                        database,
                        config -> config.withQueueDefaults(
                                queue -> queue.withLease(Duration.ofMillis(100)).withConcurrency(1)));
                TestNode other = TestNode.on(database)) {
            JobQueue<String> queue = frozen.queue();
            String table = table(frozen, queue);
            queue.push("x");
            Gate gate = new Gate();
            start(frozen, queue, (job, context) -> {
                insert(context, table, "frozen " + job.attempt());
                gate.passStubbornly();
                return Outcome.complete();
            });
            gate.awaitReached();

            database.await(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND state = 'idle in transaction'",
                    "t");
            startOther(other, queue, table);
            awaitEmpty(other, queue);
            gate.open();

            frozen.probe().await("leaseLost " + queue.name());
            assertThat(effects(other, table)).isEqualTo("other");
        }
    }

    @Test
    void begin_insideOfAJob_isRefusedWithoutHarm(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");

        start(node, queue, (job, context) -> {
            assertThat(node.manager().transactions().active()).isTrue();
            assertThatThrownBy(() -> node.manager().transactions().begin(Connection::isClosed))
                    .isInstanceOf(IllegalStateException.class);
            return Outcome.complete();
        });

        awaitEmpty(node, queue);
        assertThat(node.manager().transactions().active()).isFalse();
        assertThat(node.probe().countOf("failed")).isZero();
    }
}
