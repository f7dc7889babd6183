package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.Subscription;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.HookedDataSource;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Closing lets jobs end, gives back those that do not, and leaves nothing. */
@PgQueueTest
@SuppressWarnings("NullAway") // references are read only when they have been set
class WorkerCloseIT {

    private final Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());

    private static TestNode impatient(TestDatabase database) {
        return TestNode.on(
                database,
                config -> config.withDrainTimeout(Duration.ofMillis(100))
                        .withQueueDefaults(queue -> queue.withLease(Duration.ofHours(1))));
    }

    private static String state(TestNode node, JobQueue<?> queue) {
        return node.database()
                .text(
                        "SELECT string_agg(concat_ws(' ', payload #>> '{}', attempt, failures, leased_until IS NULL), ',' ORDER BY id) FROM queue_"
                                + queue.name());
    }

    /** The names of the library's threads that were not there before the test. */
    private List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("pg-queue"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void close_whileAJobRuns_waitsForItAndClaimsNoOther(WorkerMode mode, TestNode node) {
        JobQueue<String> queue = node.queue();
        Gate gate = new Gate();
        node.manager().work(queue.name().value(), String.class, mode.options(), (job, context) -> {
            gate.pass();
            return Outcome.complete();
        });
        node.manager().start();
        queue.push("running");
        gate.awaitReached();
        // Behind a claim that found nothing, so that none is under way when closing begins.
        Gate claimed = new Gate();
        node.probe().holdAt("asleep " + queue.name(), claimed);
        claimed.awaitReached();

        InBackground<Boolean> closing = InBackground.run(node.manager()::close);
        closing.awaitWaiting();
        queue.push("too late");
        claimed.open();
        assertThat(closing.ended()).isFalse();
        gate.open();

        assertThat(closing.result()).isTrue();
        assertThat(state(node, queue)).isEqualTo("too late 0 0 t");
        assertThat(node.probe().countOf("completed " + queue.name())).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void close_jobTakesTooLong_isInterruptedAndGivenBackWithoutAFailure(WorkerMode mode, TestDatabase database) {
        try (TestNode node = impatient(database)) {
            JobQueue<String> queue = node.queue();
            String table = "effect_of_" + queue.name();
            database.execute("CREATE TABLE " + table + " (text text)");
            Gate gate = new Gate();
            node.manager().work(queue.name().value(), String.class, mode.options(), (job, context) -> {
                if (mode == WorkerMode.TRANSACTIONAL) {
                    try (Statement statement = context.connection().createStatement()) {
                        statement.execute("INSERT INTO " + table + " VALUES ('undone')");
                    }
                }
                gate.pass();
                return Outcome.complete();
            });
            node.manager().start();
            queue.push("x");
            gate.awaitReached();

            node.manager().close();

            assertThat(state(node, queue)).isEqualTo("x 1 0 t");
            assertThat(node.probe().countOf("released " + queue.name())).isEqualTo(1);
            assertThat(node.probe().countOf("failed")).isZero();
            assertThat(database.number("SELECT count(*) FROM " + table)).isZero();
            assertThat(threads()).isEmpty();
        }
    }

    @Test
    void close_interruptedHandlerCompletesAllTheSame_isCompleted(TestDatabase database) {
        try (TestNode node = impatient(database)) {
            JobQueue<String> queue = node.queue();
            Gate gate = new Gate();
            node.manager().work(queue.name().value(), String.class, (job, context) -> {
                try {
                    gate.pass();
                } catch (InterruptedException e) {
                    assertThat(context.cancelled()).isTrue();
                }
                return Outcome.complete();
            });
            node.manager().start();
            queue.push("x");
            gate.awaitReached();

            node.manager().close();

            assertThat(database.number("SELECT count(*) FROM queue_" + queue.name()))
                    .isZero();
        }
    }

    @Test
    void close_handlerIgnoresTheInterrupt_isGivenBackAndItsOutcomeRefused(TestDatabase database) {
        try (TestNode node = impatient(database)) {
            JobQueue<String> queue = node.queue();
            Gate gate = new Gate();
            node.manager().work(queue.name().value(), String.class, (job, context) -> {
                gate.passStubbornly();
                return Outcome.complete();
            });
            node.manager().start();
            queue.push("x");
            gate.awaitReached();

            node.manager().close();
            assertThat(state(node, queue)).isEqualTo("x 1 0 t");
            gate.open();

            node.probe().await("leaseLost " + queue.name());
            assertThat(state(node, queue)).isEqualTo("x 1 0 t");
            Awaitility.await().until(() -> threads().isEmpty());
        }
    }

    @Test
    void close_transactionalHandlerIgnoresTheInterrupt_isDecidedByItsTransaction(TestDatabase database) {
        try (TestNode node = impatient(database)) {
            JobQueue<String> queue = node.queue();
            Gate gate = new Gate();
            node.manager().work(queue.name().value(), String.class, WorkerOptions.transactional(), (job, context) -> {
                gate.passStubbornly();
                return Outcome.complete();
            });
            node.manager().start();
            queue.push("x");
            gate.awaitReached();

            InBackground<Boolean> closing = InBackground.run(node.manager()::close);
            assertThat(closing.result()).isTrue();
            gate.open();

            database.await("SELECT count(*) FROM queue_" + queue.name(), 0);
            Awaitility.await().until(() -> threads().isEmpty());
        }
    }

    @Test
    void close_connectionsComeFromAPoolThatMindsInterrupts_jobsAreGivenBackAllTheSame(TestDatabase database) {
        HookedDataSource pool = new HookedDataSource(database.dataSource());
        pool.before(() -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new SQLException("interrupted while waiting for a connection", "08003");
            }
        });
        try (TestNode node = TestNode.on(database, pool, config -> config.withDrainTimeout(Duration.ofMillis(100)))) {
            JobQueue<String> queue = node.queue();
            Gate gate = new Gate();
            node.manager().work(queue.name().value(), String.class, (job, context) -> {
                try {
                    gate.pass();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IllegalStateException("as a library does that was interrupted");
            });
            node.manager().start();
            queue.push("x");
            gate.awaitReached();

            node.manager().close();

            assertThat(state(node, queue)).isEqualTo("x 1 0 t");
        }
    }

    @Test
    void close_jobGivenBack_wakesAnotherNodeThatSleeps(TestDatabase database) {
        try (TestNode closing = impatient(database);
                TestNode sleeping = TestNode.on(
                        database,
                        config -> config.withQueueDefaults(queue ->
                                queue.withPollInterval(Duration.ofMinutes(10)).withLease(Duration.ofMinutes(10))))) {
            JobQueue<String> queue = closing.queue();
            Gate gate = new Gate();
            closing.manager().work(queue.name().value(), String.class, (job, context) -> {
                gate.pass();
                return Outcome.complete();
            });
            closing.manager().start();
            queue.push("x");
            gate.awaitReached();
            sleeping.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
            sleeping.manager().start();
            sleeping.probe().await("asleep " + queue.name());

            closing.manager().close();

            sleeping.probe().await("completed " + queue.name());
        }
    }

    @Test
    void close_twiceAndAtOnce_isHarmless(TestNode node) {
        JobQueue<String> queue = node.queue();
        Subscription worker =
                node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
        node.manager().start();
        node.probe().await("asleep " + queue.name());

        List<InBackground<Boolean>> closings = List.of(
                InBackground.run(node.manager()::close),
                InBackground.run(node.manager()::close),
                InBackground.run(worker::close));

        assertThat(closings).allSatisfy(closing -> assertThat(closing.result()).isTrue());
        node.manager().close();
        worker.close();
    }

    @Test
    void close_afterwards_workersAreRefusedAndNothingStarts(TestNode node) {
        JobQueue<String> queue = node.queue();
        node.manager().start();
        node.manager().close();

        assertThatThrownBy(() ->
                        node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete()))
                .isInstanceOfSatisfying(
                        ManagerClosedException.class,
                        closed -> assertThat(closed.code()).isEqualTo("PGQ7004"));
        assertThatThrownBy(node.manager()::start).isInstanceOf(ManagerClosedException.class);
        assertThat(threads()).isEmpty();
    }

    @Test
    void close_neverStarted_isHarmless(TestNode node) {
        JobQueue<String> queue = node.queue();
        node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
        queue.push("x");

        node.manager().close();

        assertThat(state(node, queue)).isEqualTo("x 0 0 t");
        assertThat(threads()).isEmpty();
    }

    @Test
    void close_busyNode_leavesNoThreadNoSessionAndNoSleeper(TestDatabase database) {
        PGSimpleDataSource named = database.database().dataSource();
        named.setApplicationName("node that closes");
        String sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'node that closes'";
        TestNode node = TestNode.on(database, named, config -> config);
        JobQueue<Integer> queue = node.queue(Integer.class);
        node.manager().work(queue.name().value(), Integer.class, (job, context) -> Outcome.complete());
        node.manager().work(node.queueName(), Integer.class, (job, context) -> Outcome.complete());
        node.manager().subscribe("news", String.class, news -> {});
        node.manager().start();
        for (int i = 0; i < 20; i++) {
            queue.push(i);
        }
        node.probe().await("completed " + queue.name(), 20);
        node.probe().await("asleep", 2);
        assertThat(database.number(sessions)).as("the one that listens").isPositive();
        assertThat(threads()).isNotEmpty();

        node.close();

        assertThat(threads()).isEmpty();
        database.await(sessions, 0);
        assertThat(database.number("SELECT count(*) FROM pg_queue_sleeper WHERE queue = '" + queue.name() + "'"))
                .isZero();
    }

    @Test
    void close_connectionsComeFromAPool_theyGoBackListeningToNothing(TestDatabase database) throws SQLException {
        try (AgroalDataSource pool = NarayanaPool.APART.open(database.database())) {
            try (TestNode node = TestNode.on(database, pool, config -> config)) {
                JobQueue<String> queue = node.queue();
                node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
                node.manager().start();
                node.probe().await("listening");
                node.probe().await("asleep");
            }

            List<Connection> all = new ArrayList<>();
            try {
                for (int i = 0; i < 10; i++) {
                    Connection connection = pool.getConnection();
                    all.add(connection);
                    try (Statement statement = connection.createStatement();
                            ResultSet channels = statement.executeQuery("SELECT pg_listening_channels()")) {
                        assertThat(channels.next()).isFalse();
                    }
                }
            } finally {
                for (Connection connection : all) {
                    connection.close();
                }
            }
        }
    }

    @Test
    void close_oneWorker_leavesTheOthersRunning(TestNode node) {
        JobQueue<String> closed = node.queue();
        JobQueue<String> open = node.queue();
        Subscription worker =
                node.manager().work(closed.name().value(), String.class, (job, context) -> Outcome.complete());
        node.manager().work(open.name().value(), String.class, (job, context) -> Outcome.complete());
        node.manager().start();
        node.probe().await("asleep " + closed.name());

        worker.close();
        closed.push("stays");
        open.push("done");

        node.probe().await("completed " + open.name());
        assertThat(state(node, closed)).isEqualTo("stays 0 0 t");
        assertThat(threads()).noneMatch(name -> name.equals("pg-queue " + closed.name()));
    }

    @Test
    void close_byItsOwnJob_endsAfterThatJob(TestNode node) {
        JobQueue<String> queue = node.queue();
        AtomicReference<Subscription> worker = new AtomicReference<>();
        List<String> worked = new CopyOnWriteArrayList<>();
        worker.set(node.manager()
                .work(queue.name().value(), String.class, WorkerOptions.leased().withConcurrency(1), (job, context) -> {
                    worker.get().close();
                    worked.add(job.payload());
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    return Outcome.complete();
                }));
        node.manager().start();

        queue.pushAll(List.of("last", "too late"));

        node.probe().await("completed " + queue.name());
        Awaitility.await()
                .until(() -> threads().stream().noneMatch(name -> name.startsWith("pg-queue " + queue.name())));
        assertThat(worked).containsExactly("last");
        assertThat(state(node, queue)).startsWith("too late ").endsWith(" 0 t");
    }

    @Test
    void close_managerByAJobOfOneOfSeveralWorkers_waitsForNobody(TestDatabase database) {
        try (TestNode node = TestNode.on(database, config -> config.withDrainTimeout(Duration.ofHours(1)))) {
            JobQueue<String> closing = node.queue();
            for (String idle : List.of(node.queueName(), node.queueName(), node.queueName())) {
                node.manager().work(idle, String.class, (job, context) -> Outcome.complete());
            }
            node.manager().work(closing.name().value(), String.class, (job, context) -> {
                node.manager().close();
                return Outcome.complete();
            });
            node.manager().start();

            closing.push("x");

            node.probe().await("completed " + closing.name());
            Awaitility.await().until(() -> threads().isEmpty());
        }
    }

    @Test
    void close_severalWorkers_shareOneDrainTimeout(TestDatabase database) {
        try (TestNode node = impatient(database)) {
            List<JobQueue<String>> queues = List.of(node.queue(), node.queue(), node.queue());
            CountDownLatch running = new CountDownLatch(3);
            List<String> interrupted = new CopyOnWriteArrayList<>();
            for (JobQueue<String> queue : queues) {
                node.manager().work(queue.name().value(), String.class, (job, context) -> {
                    running.countDown();
                    try {
                        new Gate().pass();
                    } catch (InterruptedException e) {
                        interrupted.add(job.queue().value());
                        throw e;
                    }
                    return Outcome.complete();
                });
                queue.push("x");
            }
            node.manager().start();
            Gate.await(running, "not all jobs ran");
            // A claim that is under way would take what is given back once more.
            queues.forEach(queue -> node.probe().await("asleep " + queue.name()));

            node.manager().close();

            assertThat(interrupted).hasSize(3);
            assertThat(queues)
                    .allSatisfy(queue -> assertThat(state(node, queue)).isEqualTo("x 1 0 t"));
            assertThat(threads()).isEmpty();
        }
    }

    @Test
    void start_workersDisabled_startsNone(TestDatabase database) {
        try (TestNode pushing = TestNode.on(database, config -> config.withWorkersEnabled(false));
                TestNode working = TestNode.on(database)) {
            JobQueue<String> queue = pushing.queue();
            pushing.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.dead("worked here"));
            pushing.manager().start();
            pushing.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.dead("worked here"));
            assertThat(threads()).noneMatch(name -> name.startsWith("pg-queue " + queue.name()));

            queue.push("x");
            working.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
            working.manager().start();

            working.probe().await("completed " + queue.name());
            assertThat(pushing.probe().countOf("popped")).isZero();
        }
    }
}
