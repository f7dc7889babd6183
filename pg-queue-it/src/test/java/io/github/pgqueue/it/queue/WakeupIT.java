package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * A worker that sleeps is woken by whatever makes a job ready. Its poll interval is ten minutes, so that no poll can be
 * the reason.
 */
@PgQueueTest
class WakeupIT {

    private static final Duration NEVER = Duration.ofMinutes(10);

    private TestNode node;

    @BeforeEach
    void open(TestDatabase database) {
        node = TestNode.on(database, config -> config.withQueueDefaults(queue -> queue.withPollInterval(NEVER)));
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** A queue whose worker sleeps and has told so. */
    private JobQueue<String> sleepingQueue() {
        JobQueue<String> queue = node.queue();
        node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
        node.manager().start();
        awaitAsleep(queue);
        return queue;
    }

    private void awaitAsleep(JobQueue<?> queue) {
        node.probe().await("listening");
        awaitSleepers(queue, 1);
        node.probe().await("asleep " + queue.name());
    }

    private void awaitSleepers(JobQueue<?> queue, int sleepers) {
        node.database().await("SELECT count(*) FROM pg_queue_sleeper WHERE queue = '" + queue.name() + "'", sleepers);
    }

    private void insert(JobQueue<?> queue) {
        node.database().execute("INSERT INTO queue_" + queue.name() + " (payload) VALUES ('\"raw\"')");
    }

    @Test
    void push_fromThisNode_wakesTheWorker() {
        JobQueue<String> queue = sleepingQueue();

        queue.push("x");

        node.probe().await("completed " + queue.name());
    }

    @Test
    void push_fromAnotherNode_wakesTheWorker(TestNode other) {
        JobQueue<String> queue = sleepingQueue();

        other.manager().queue(queue.name().value(), String.class).pushAll(List.of("a", "b", "c"));

        node.probe().await("completed " + queue.name(), 3);
    }

    @Test
    void pushStream_wakesTheWorker_byItselfOrByTheCommit() throws SQLException {
        JobQueue<String> queue = sleepingQueue();

        queue.pushStream(Stream.of("a", "b"));
        node.probe().await("completed " + queue.name(), 2);
        awaitSleepers(queue, 1);
        try (Connection connection = node.database().connect()) {
            connection.setAutoCommit(false);
            node.manager()
                    .using(connection)
                    .queue(queue.name().value(), String.class)
                    .pushStream(Stream.of("c"));
            connection.commit();
        }

        node.probe().await("completed " + queue.name(), 3);
    }

    @Test
    void insert_fromSql_wakesTheWorker() {
        JobQueue<String> queue = sleepingQueue();

        insert(queue);
        node.probe().await("completed " + queue.name());
        node.database().text("SELECT pg_queue_push('" + queue.name() + "', '\"pushed\"')");

        node.probe().await("completed " + queue.name(), 2);
    }

    @Test
    void retryFailAndRelease_byHand_wakeTheWorker(TestNode other) {
        JobQueue<String> queue = node.queue();
        JobQueue<String> byHand = other.manager().queue(queue.name().value(), String.class);
        queue.pushAll(List.of("retried", "failed", "released"));
        List<Job<String>> jobs = byHand.pop(3);
        node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
        node.manager().start();
        awaitAsleep(queue);

        byHand.retry(jobs.get(0), Duration.ZERO);
        node.probe().await("completed " + queue.name());
        awaitSleepers(queue, 1);
        byHand.fail(jobs.get(1), new IllegalStateException("by hand"));
        node.probe().await("completed " + queue.name(), 2);
        awaitSleepers(queue, 1);
        byHand.release(jobs.get(2));

        node.probe().await("completed " + queue.name(), 3);
    }

    @Test
    void retry_byHandInATransaction_wakesTheWorkerByItsCommit(TestNode other) throws SQLException {
        JobQueue<String> queue = node.queue();
        queue.push("x");
        Job<String> job =
                other.manager().queue(queue.name().value(), String.class).pop().orElseThrow();
        node.manager().work(queue.name().value(), String.class, (again, context) -> Outcome.complete());
        node.manager().start();
        awaitAsleep(queue);

        try (Connection connection = node.database().connect()) {
            connection.setAutoCommit(false);
            other.manager()
                    .using(connection)
                    .queue(queue.name().value(), String.class)
                    .retry(job, Duration.ZERO);
            connection.commit();
        }

        node.probe().await("completed " + queue.name());
    }

    @Test
    void push_againAndAgain_wakesTheWorkerEachTime() {
        JobQueue<String> queue = sleepingQueue();

        for (int i = 1; i <= 20; i++) {
            queue.push("x");
            node.probe().await("completed " + queue.name(), i);
        }
    }

    @Test
    void push_inATransactionOfTheCaller_wakesWithTheCommit() throws SQLException {
        JobQueue<String> queue = sleepingQueue();

        try (Connection connection = node.database().connect()) {
            connection.setAutoCommit(false);
            node.manager()
                    .using(connection)
                    .queue(queue.name().value(), String.class)
                    .push("x");
            assertThat(node.probe().countOf("popped")).isZero();
            connection.commit();
        }

        node.probe().await("completed " + queue.name());
    }

    @Test
    void commit_ofATransactionThatBeganBeforeTheWorkerSlept_wakesTheWorker() throws SQLException {
        JobQueue<String> queue = node.queue();
        try (Connection connection = node.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // Nobody sleeps yet, so this transaction will notify nobody.
            statement.execute("INSERT INTO queue_" + queue.name() + " (payload) VALUES ('\"early\"')");
            node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
            node.manager().start();
            awaitAsleep(queue);
            int looks = (int) node.probe().countOf("asleep " + queue.name());

            node.probe().await("asleep " + queue.name(), looks + 2);
            assertThat(node.probe().countOf("popped")).isZero();
            connection.commit();
        }

        node.probe().await("completed " + queue.name());
    }

    @Test
    void push_withADelay_isWorkedWhenItIsDue() {
        JobQueue<String> queue = sleepingQueue();

        queue.push("soon", PushOptions.none().withDelay(Duration.ofMillis(300)));

        node.probe().await("completed " + queue.name());
    }

    @Test
    void push_thatWasDueLongAgo_wakesTheWorker() {
        JobQueue<String> queue = sleepingQueue();

        queue.push("overdue", PushOptions.none().withRunAt(Instant.EPOCH));

        node.probe().await("completed " + queue.name());
    }

    /** As a delayed push in a transaction that takes longer than the delay; here together with a job that needs no look. */
    @Test
    void commit_whenAJobHasBeenDueForLong_wakesTheWorkerForAll() {
        JobQueue<String> queue = sleepingQueue();

        node.database()
                .execute("INSERT INTO queue_%s (payload, run_at) VALUES ('\"now\"', NULL), ('\"late\"', '2020-01-01')"
                        .formatted(queue.name()));

        node.probe().await("completed " + queue.name(), 2);
    }

    /** Nobody tells when the lock is gone. */
    @Test
    void job_thatIsDueForLongAndLocked_isWorkedWhenItIsFree() throws SQLException {
        JobQueue<String> queue = node.queue();
        queue.push("locked", PushOptions.none().withRunAt(Instant.EPOCH));
        try (Connection connection = node.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT FROM queue_" + queue.name() + " FOR UPDATE");
            node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
            node.manager().start();
            awaitAsleep(queue);
            node.probe().await("asleep " + queue.name(), 3);
            assertThat(node.probe().countOf("popped")).isZero();

            connection.rollback();
        }

        node.probe().await("completed " + queue.name());
    }

    @Test
    void fail_manyJobsAtOnce_eachIsWorkedWhenItIsDueAgain(TestDatabase database) {
        try (TestNode eager = TestNode.on(
                database,
                config -> config.withQueueDefaults(queue -> queue.withPollInterval(NEVER)
                        .withRetryDelay(Duration.ofMillis(1), Duration.ofMillis(30))
                        .withConcurrency(2)))) {
            JobQueue<Integer> queue = eager.queue(Integer.class);
            queue.pushAll(IntStream.range(0, 30).boxed().toList());
            eager.manager().work(queue.name().value(), Integer.class, (job, context) -> {
                if (job.attempt() <= 2) {
                    throw new IllegalStateException("not yet");
                }
                return Outcome.complete();
            });

            eager.manager().start();

            eager.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
        }
    }

    @Test
    void release_byHand_wakesTheWorker(TestNode other) {
        JobQueue<String> queue = node.queue();
        JobQueue<String> elsewhere = other.manager().queue(queue.name().value(), String.class);
        queue.push("x");
        Job<String> held = elsewhere.pop().orElseThrow();
        node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
        node.manager().start();
        awaitAsleep(queue);

        elsewhere.release(held);

        node.probe().await("completed " + queue.name());
    }

    @Test
    void leaseEnds_ofAJobOfADeadNode_wakesTheWorker(TestDatabase database) {
        try (TestNode dead = TestNode.on(
                database, config -> config.withQueueDefaults(queue -> queue.withLease(Duration.ofSeconds(1))))) {
            JobQueue<String> queue = dead.queue();
            queue.push("x");
            assertThat(queue.pop()).isPresent();

            node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
            node.manager().start();

            node.probe().await("completed " + queue.name());
        }
    }

    @Test
    void work_moreThanItsSlots_isNotAsleepWhileThereIsWork() {
        JobQueue<String> queue = node.queue();
        Gate gate = new Gate();
        node.manager().work(queue.name().value(), String.class, (job, context) -> {
            gate.pass();
            return Outcome.complete();
        });
        queue.pushAll(IntStream.range(0, 20).mapToObj(Integer::toString).toList());
        node.manager().start();
        gate.awaitReached();

        assertThat(node.probe().countOf("asleep")).isZero();
        gate.open();

        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
    }

    // what it costs

    /** The notifications that the statements lead to on the channel of a queue. */
    private long notifications(JobQueue<?> queue, Runnable statements) throws SQLException {
        try (Connection connection = node.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("LISTEN \"queue_" + queue.name() + "\"");
            statements.run();
            // Notifications come in the order of the commits: before this one come all that there were.
            statement.execute("NOTIFY \"queue_" + queue.name() + "\", 'last'");
            List<String> arrived = new ArrayList<>();
            while (!arrived.contains("last")) {
                PGNotification[] more = connection.unwrap(PGConnection.class).getNotifications(30_000);
                assertThat(more).isNotEmpty();
                Arrays.stream(more).map(PGNotification::getParameter).forEach(arrived::add);
            }
            return arrived.size() - 1L;
        }
    }

    @Test
    void insert_nobodySleeps_doesNotNotify() throws SQLException {
        JobQueue<String> queue = node.queue();

        long sent = notifications(queue, () -> {
            insert(queue);
            queue.push("x");
            queue.pushAll(List.of("a", "b"));
        });

        assertThat(sent).isZero();
        assertThat(queue.pendingCount()).isEqualTo(4);
    }

    @Test
    void insert_somebodySleeps_notifiesOncePerStatement() throws SQLException {
        JobQueue<String> queue = node.queue();
        node.database().execute("SELECT pg_queue_sleep('%s', 'somebody', '1 hour')".formatted(queue.name()));

        long sent = notifications(queue, () -> {
            insert(queue);
            node.database()
                    .execute("INSERT INTO queue_%s (payload) SELECT to_jsonb(n) FROM generate_series(1, 3) AS n"
                            .formatted(queue.name()));
        });

        assertThat(sent).isEqualTo(2);
    }

    @Test
    void insert_oneOfTwoAwakes_notifiesUntilTheOtherDoesToo() throws SQLException {
        JobQueue<String> queue = node.queue();
        node.database()
                .execute(
                        "SELECT pg_queue_sleep('%s', 'one', '1 hour')".formatted(queue.name()),
                        "SELECT pg_queue_sleep('%s', 'other', '1 hour')".formatted(queue.name()),
                        "SELECT pg_queue_awake('%s', 'one')".formatted(queue.name()));

        assertThat(notifications(queue, () -> insert(queue))).isEqualTo(1);

        node.database().execute("SELECT pg_queue_awake('%s', 'other')".formatted(queue.name()));

        assertThat(notifications(queue, () -> insert(queue))).isZero();
    }

    @Test
    void awake_whileAnotherFallsAsleep_waitsForIt() throws Exception {
        JobQueue<String> queue = node.queue();
        node.database().execute("SELECT pg_queue_sleep('%s', 'one', '1 hour')".formatted(queue.name()));
        try (Connection falling = node.database().connect();
                Statement sleep = falling.createStatement();
                Connection waking = node.database().connect();
                Statement wake = waking.createStatement()) {
            falling.setAutoCommit(false);
            sleep.execute("SELECT pg_queue_sleep('%s', 'other', '1 hour')".formatted(queue.name()));
            InBackground<Boolean> awake =
                    InBackground.call(() -> wake.execute("SELECT pg_queue_awake('%s', 'one')".formatted(queue.name())));
            node.database()
                    .await(
                            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                                    + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                            1);

            falling.commit();
            awake.result();
        }

        assertThat(notifications(queue, () -> insert(queue))).isEqualTo(1);
    }

    @Test
    void insert_withPushedAt_isSilentAndMayBePrepared() throws SQLException {
        JobQueue<String> queue = node.queue();
        node.database().execute("SELECT pg_queue_sleep('%s', 'somebody', '1 hour')".formatted(queue.name()));
        try (Connection connection = node.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "INSERT INTO queue_" + queue.name() + " (payload, pushed_at) VALUES ('\"quiet\"', now())");
            // A transaction that has notified could not be prepared.
            statement.execute("PREPARE TRANSACTION 'quiet " + queue.name() + "'");
        }
        node.database().execute("ROLLBACK PREPARED 'quiet " + queue.name() + "'");

        assertThat(queue.pendingCount()).isZero();
    }

    @Test
    void insert_afterAnotherQueueAndARolledBackInsert_notifies() throws SQLException {
        JobQueue<String> other = node.queue();
        JobQueue<String> queue = node.queue();
        for (JobQueue<String> asleep : List.of(other, queue)) {
            node.database().execute("SELECT pg_queue_sleep('%s', 'somebody', '1 hour')".formatted(asleep.name()));
        }

        long sent = notifications(
                queue,
                () -> node.database()
                        .execute(
                                "BEGIN",
                                "INSERT INTO queue_%s (payload) VALUES ('1')".formatted(other.name()),
                                "SAVEPOINT undone",
                                "INSERT INTO queue_%s (payload) VALUES ('2')".formatted(queue.name()),
                                "ROLLBACK TO undone",
                                "INSERT INTO queue_%s (payload) VALUES ('3')".formatted(queue.name()),
                                "COMMIT"));

        assertThat(sent).isEqualTo(1);
    }

    @Test
    void insert_theSleeperDiedLongAgo_doesNotNotify() throws SQLException {
        JobQueue<String> queue = node.queue();
        node.database().execute("SELECT pg_queue_sleep('%s', 'dead', '-1 second')".formatted(queue.name()));

        assertThat(notifications(queue, () -> insert(queue))).isZero();
    }

    @Test
    void housekeeping_registrationsOfNodesThatDiedAsleep_areRemoved(TestDatabase database) {
        database.execute(
                "INSERT INTO pg_queue_sleeper (queue, node, until) VALUES ('x', 'long dead', now() - interval '2 h'), ('x', 'alive', now() + interval '1 h')");
        try (TestNode tidy = TestNode.on(database, config -> config.withHousekeepingInterval(Duration.ofMillis(100)))) {
            tidy.manager().start();

            database.await("SELECT string_agg(node, ',') FROM pg_queue_sleeper WHERE queue = 'x'", "alive");
        }
    }

    // without listening

    @Test
    void work_listeningSwitchedOff_findsJobsByPollingAndNeverAsksForNotifications(TestDatabase database) {
        try (TestNode polling = TestNode.on(
                database,
                config -> config.withListen(ListenConfig.disabled())
                        .withQueueDefaults(queue -> queue.withPollInterval(Duration.ofMillis(50))))) {
            JobQueue<String> queue = polling.queue();
            polling.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
            polling.manager().start();
            polling.probe().await("asleep " + queue.name(), 2);

            queue.push("x");

            polling.probe().await("completed " + queue.name());
            assertThat(polling.probe().countOf("listening")).isZero();
            awaitSleepers(queue, 0);
        }
    }
}
