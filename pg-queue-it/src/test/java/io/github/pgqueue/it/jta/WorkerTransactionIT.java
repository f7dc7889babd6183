package io.github.pgqueue.it.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.arjuna.ats.arjuna.coordinator.TxControl;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.RequestFailedException;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker method's own transaction decides about its job: every way in which it can end, local and XA. */
@PgQueueTest
@ParameterizedClass
@EnumSource(value = NarayanaPool.class, mode = Mode.EXCLUDE, names = "APART")
class WorkerTransactionIT {

    static final class Expected extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Expected() {
            super("expected");
        }
    }

    /** Each worker writes one effect for each attempt, and misbehaves in its first attempt only. */
    @ApplicationScoped
    static class Workers {

        @Inject
        DataSource dataSource;

        @Inject
        TransactionManager transactions;

        @Inject
        @PgQueue("followups")
        JobQueue<String> followUps;

        private final Map<String, Integer> statusInside = new ConcurrentHashMap<>();

        Map<String, Integer> statusInside() {
            return statusInside;
        }

        @PgWorker("required")
        @Transactional
        public void required(Job<String> job) throws Exception {
            effect(job);
            failFirst(job);
        }

        @PgWorker("requires_new")
        @Transactional(TxType.REQUIRES_NEW)
        public void requiresNew(Job<String> job) throws Exception {
            effect(job);
            failFirst(job);
        }

        @PgWorker("not_supported")
        @Transactional(TxType.NOT_SUPPORTED)
        public void notSupported(Job<String> job) throws Exception {
            effect(job);
            failFirst(job);
        }

        @PgWorker("never")
        @Transactional(TxType.NEVER)
        public void never(Job<String> job) throws Exception {
            effect(job);
            failFirst(job);
        }

        @PgWorker("supports")
        @Transactional(TxType.SUPPORTS)
        public void supports(Job<String> job) throws Exception {
            effect(job);
            failFirst(job);
        }

        @PgWorker("none")
        public void none(Job<String> job) throws Exception {
            effect(job);
            failFirst(job);
        }

        @PgWorker("rollback_only")
        @Transactional
        public void rollbackOnly(Job<String> job) throws Exception {
            effect(job);
            if (job.attempt() == 1) {
                transactions.setRollbackOnly();
            }
        }

        @PgWorker("dont_rollback")
        @Transactional(dontRollbackOn = Expected.class)
        public void dontRollback(Job<String> job) throws Exception {
            effect(job);
            throw new Expected();
        }

        @PgWorker("deferred")
        @Transactional
        public void deferred(Job<String> job) throws Exception {
            effect(job);
            if (job.attempt() == 1) {
                execute("INSERT INTO checked_at_commit VALUES (1), (1)");
            }
        }

        @PgWorker("swallows")
        @Transactional
        public void swallows(Job<String> job) throws Exception {
            effect(job);
            swallowAnError(job);
        }

        @PgWorker("swallows_and_decides")
        @Transactional
        public Outcome swallowsAndDecides(Job<String> job) throws Exception {
            effect(job);
            swallowAnError(job);
            return Outcome.complete();
        }

        @PgWorker("swallows_and_answers")
        @Transactional
        public String swallowsAndAnswers(Job<String> job) throws Exception {
            effect(job);
            swallowAnError(job);
            return "answer to " + job.payload();
        }

        @PgWorker("timeout")
        @Transactional
        public void timeout(Job<String> job) throws Exception {
            effect(job);
            if (job.attempt() == 1) {
                Awaitility.await()
                        .pollInSameThread()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> transactions.getStatus() != Status.STATUS_ACTIVE);
            }
        }

        @PgWorker("killed")
        @Transactional
        public void killed(Job<String> job) throws Exception {
            effect(job);
            if (job.attempt() == 1) {
                execute("SELECT pg_terminate_backend(pg_backend_pid())");
            }
        }

        @PgWorker("lost_commit")
        @Transactional
        public void lostCommit(Job<String> job) throws Exception {
            effect(job);
            if (job.attempt() == 1) {
                terminateFromOutside();
            }
        }

        @PgWorker("pushes")
        @Transactional
        public void pushes(Job<String> job) throws Exception {
            followUps.push("attempt " + job.attempt());
            failFirst(job);
        }

        @PgWorker("outcome")
        @Transactional
        public Outcome outcome(Job<String> job) throws Exception {
            effect(job);
            return switch (job.payload()) {
                case "retry" -> job.attempt() == 1 ? Outcome.retry(Duration.ZERO) : Outcome.complete();
                case "fail" -> job.attempt() == 1 ? Outcome.fail(new Expected()) : Outcome.complete();
                case "dead" -> Outcome.dead("enough");
                case "throw" -> {
                    failFirst(job);
                    yield Outcome.complete();
                }
                default -> Outcome.complete();
            };
        }

        @PgWorker("quote")
        @Transactional
        public String quote(Job<String> job) throws Exception {
            effect(job);
            if (job.payload().equals("bad")) {
                throw new Expected();
            }
            return "quote for " + job.payload();
        }

        @PgWorker("staged")
        @Transactional
        public CompletionStage<String> staged(Job<String> job) throws Exception {
            effect(job);
            return CompletableFuture.supplyAsync(() -> "later " + job.payload());
        }

        @PgWorker("silent")
        @Transactional
        public void silent(Job<String> job) throws Exception {
            effect(job);
        }

        private static void failFirst(Job<?> job) {
            if (job.attempt() == 1) {
                throw new Expected();
            }
        }

        /** In an attempt of each lane. */
        public void swallowAnError(Job<?> job) {
            if (job.attempt() <= 2) {
                assertThatThrownBy(() -> execute("SELECT 1 / 0")).isInstanceOf(SQLException.class);
            }
        }

        public void effect(Job<?> job) throws Exception {
            statusInside.put(job.queue().value(), transactions.getStatus());
            execute("INSERT INTO effect VALUES ('%s', %d)".formatted(job.queue(), job.attempt()));
        }

        private void execute(String sql) throws SQLException {
            try (var connection = dataSource.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        /** The connection is gone when the transaction manager commits, which is the first to notice. */
        private void terminateFromOutside() throws Exception {
            int pid;
            try (var connection = dataSource.getConnection();
                    var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT pg_backend_pid()")) {
                row.next();
                pid = row.getInt(1);
            }
            var suspended = transactions.suspend();
            try {
                execute("SELECT pg_terminate_backend(%d, 10000)".formatted(pid));
            } finally {
                transactions.resume(suspended);
            }
        }
    }

    private final NarayanaPool kind;
    private final TestDatabase database;
    private WeldNode node;

    WorkerTransactionIT(NarayanaPool kind, TestDatabase database) {
        this.kind = kind;
        this.database = database;
        this.node = start("PT1H");
    }

    private WeldNode start(String lease) {
        return WeldNode.builder()
                .dataSource(database, kind)
                .config("pg-queue.schema-management", "migrate")
                .config("pg-queue.defaults.lease", lease)
                .beans(Workers.class)
                .start();
    }

    @BeforeEach
    void tables() {
        database.execute(
                "CREATE TABLE IF NOT EXISTS effect (queue text, attempt integer)",
                "CREATE TABLE IF NOT EXISTS checked_at_commit (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)",
                "TRUNCATE effect, checked_at_commit");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void required_thatThrows_rollsBackAndComesAgainInANewTransaction() {
        push("required", "x");

        node.probe().await("failed required");
        node.probe().await("completed required");
        awaitEffects("required", "2");
        assertThat(node.get(Workers.class).statusInside()).containsEntry("required", Status.STATUS_ACTIVE);
    }

    @Test
    void requiresNew_worksTheSame() {
        push("requires_new", "x");

        node.probe().await("completed requires_new");
        awaitEffects("requires_new", "2");
    }

    @Test
    void notSupportedNeverSupportsAndNone_areLeasedAndKeepWhatTheyWrote() {
        for (String queue : new String[] {"not_supported", "never", "supports", "none"}) {
            push(queue, "x");
        }

        for (String queue : new String[] {"not_supported", "never", "supports", "none"}) {
            node.probe().await("completed " + queue);
            awaitEffects(queue, "1,2");
            assertThat(node.get(Workers.class).statusInside()).containsEntry(queue, Status.STATUS_NO_TRANSACTION);
        }
    }

    @Test
    void setRollbackOnly_isAFailedAttempt_althoughTheMethodReturns() {
        push("rollback_only", "x");

        node.probe().await("failed rollback_only");
        node.probe().await("completed rollback_only");
        awaitEffects("rollback_only", "2");
    }

    @Test
    void dontRollbackOn_commitsAndCompletes() {
        push("dont_rollback", "x");

        node.probe().await("completed dont_rollback");
        awaitEffects("dont_rollback", "1");
        assertThat(jobs("dont_rollback")).isZero();
        assertThat(node.probe().countOf("failed dont_rollback")).isZero();
    }

    @Test
    void commit_thatFails_isAFailedAttempt() {
        push("deferred", "x");

        node.probe().await("failed deferred");
        node.probe().await("completed deferred");
        awaitEffects("deferred", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"swallows", "swallows_and_decides", "swallows_and_answers"})
    void sqlErrorThatIsSwallowed_isAFailedAttempt_althoughTheMethodReturns(String queue) {
        push(queue, "x");

        awaitThirdAttempt(queue);
    }

    @Test
    void sqlErrorThatIsSwallowed_inAWorkerOfPlainJava_isAFailedAttempt() {
        PgQueueManager manager = node.get(PgQueueManager.class);
        manager.createQueue("plain_java");
        Workers workers = node.get(Workers.class);
        manager.work("plain_java", String.class, WorkerOptions.transactional(), (job, context) -> {
            workers.effect(job);
            workers.swallowAnError(job);
            return Outcome.complete();
        });
        push("plain_java", "x");

        awaitThirdAttempt("plain_java");
    }

    @Test
    void sqlErrorThatIsSwallowed_inARequest_isTheAnswer() {
        assertThatThrownBy(() -> ask("swallows_and_answers", "tea", String.class))
                .isInstanceOf(RequestFailedException.class)
                .hasMessageContaining("went on after an SQL error");

        awaitEffects("swallows_and_answers", "");
        assertThat(jobs("swallows_and_answers")).isZero();
    }

    private void awaitThirdAttempt(String queue) {
        awaitEffects(queue, "3");
        assertThat(node.probe().countOf("failed " + queue)).isEqualTo(2);
        assertThat(node.probe().failure(queue)).contains("PGQ6008: ", "division by zero");
    }

    @Test
    void timeout_isAFailedAttempt_althoughTheMethodReturns() {
        node.close();
        int before = TxControl.getDefaultTimeout();
        TxControl.setDefaultTimeout(1);
        try {
            node = start("PT1H");
            push("timeout", "x");

            node.probe().await("failed timeout");
            node.probe().await("completed timeout");
            awaitEffects("timeout", "2");
        } finally {
            TxControl.setDefaultTimeout(before);
        }
    }

    @Test
    void connectionKilledInTheMethod_isAFailedAttempt() {
        push("killed", "x");

        node.probe().await("failed killed");
        node.probe().await("completed killed");
        awaitEffects("killed", "2");
    }

    /** Whatever the transaction manager reports, the row decides: with XA it reports a commit that stored nothing. */
    @Test
    void commitLostWithItsConnection_losesNoJobAndDoublesNoEffect() {
        node.close();
        node = start("PT2S");
        push("lost_commit", "x");

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> jobs("lost_commit") == 0);
        awaitEffects("lost_commit", "2");
    }

    @Test
    void push_inTheMethod_joinsItsTransaction() {
        push("pushes", "x");

        node.probe().await("completed pushes");
        assertThat(database.text("SELECT string_agg(payload::text, ',') FROM queue_followups"))
                .isEqualTo("\"attempt 2\"");
        database.execute("DELETE FROM queue_followups");
    }

    @Test
    void outcome_thatIsReturned_commitsTogetherWithTheWrites() {
        push("outcome", "retry");
        node.probe().await("completed outcome");
        awaitEffects("outcome", "1,2");

        database.execute("TRUNCATE effect");
        push("outcome", "fail");
        node.probe().await("completed outcome", 2);
        awaitEffects("outcome", "1,2");

        database.execute("TRUNCATE effect");
        push("outcome", "dead");
        node.probe().await("dead outcome");
        awaitEffects("outcome", "1");
        assertThat(database.text("SELECT error FROM pg_queue_dead_letter WHERE queue = 'outcome'"))
                .endsWith("enough");
        database.execute("DELETE FROM pg_queue_dead_letter");
    }

    @Test
    void outcomeMethod_thatThrows_rollsBack() {
        push("outcome", "throw");

        node.probe().await("completed outcome");
        awaitEffects("outcome", "2");
    }

    @Test
    void answer_commitsWithTheEffects_orIsTheException() {
        assertThat(ask("quote", "tea", String.class)).isEqualTo("quote for tea");
        awaitEffects("quote", "1");

        assertThatThrownBy(() -> ask("quote", "bad", String.class))
                .isInstanceOfSatisfying(
                        RequestFailedException.class,
                        failed -> assertThat(failed.remoteType()).isEqualTo(Expected.class.getName()));
        awaitEffects("quote", "1");
        assertThat(jobs("quote")).isZero();
    }

    @Test
    void stage_isAwaitedInsideTheTransaction() {
        assertThat(ask("staged", "tea", String.class)).isEqualTo("later tea");
        awaitEffects("staged", "1");
    }

    @Test
    void methodWithoutAResult_answersThatItIsDone() {
        ask("silent", "tea", Void.class);

        awaitEffects("silent", "1");
    }

    private <R> R ask(String queue, String payload, Class<R> type) {
        return node.get(PgQueueManager.class)
                .requestResponse()
                .pushAndWait(queue, payload, type, Duration.ofSeconds(30));
    }

    private void push(String queue, String payload) {
        node.get(PgQueueManager.class).queue(queue, String.class).push(payload);
    }

    private long jobs(String queue) {
        return database.number("SELECT count(*) FROM queue_" + queue);
    }

    /** An end inside of a transaction is told before its commit. */
    private void awaitEffects(String queue, String expected) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(effects(queue)).isEqualTo(expected));
    }

    /** The attempts whose effects were committed. */
    private String effects(String queue) {
        return database.text("SELECT coalesce(string_agg(attempt::text, ',' ORDER BY attempt), '') FROM effect"
                + " WHERE queue = '" + queue + "'");
    }
}
