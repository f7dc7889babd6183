package io.github.pgqueue.it.jta;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.NarayanaServices;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobContext;
import io.github.pgqueue.queue.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Commits that are lost with their connections, 20 in a row: with a local resource the transaction manager reports them
 * as rolled back, with one XA resource as committed. The row decides: every job ends done, exactly once.
 */
@PgQueueTest
@ParameterizedClass
@EnumSource(value = NarayanaPool.class, mode = Mode.EXCLUDE, names = "APART")
class LostCommitIT {

    private static final int JOBS = 20;

    @ApplicationScoped
    static class Worker {

        @Inject
        DataSource dataSource;

        @Inject
        TransactionManager transactions;

        private final AtomicInteger kills = new AtomicInteger();

        int kills() {
            return kills.get();
        }

        @PgWorker("lost")
        @Transactional
        public void work(Job<Integer> job) throws Exception {
            int pid = effect(job.payload());
            if (job.attempt() == 1) {
                terminate(pid);
            }
        }

        /** The session of the transaction. */
        int effect(int payload) throws SQLException {
            try (var connection = dataSource.getConnection();
                    var statement = connection.createStatement();
                    var row = statement.executeQuery(
                            "INSERT INTO effect VALUES (%d) RETURNING pg_backend_pid()".formatted(payload))) {
                row.next();
                return row.getInt(1);
            }
        }

        /** From outside, so that the transaction manager is the first to notice, when it commits. */
        void terminate(int pid) throws Exception {
            var suspended = transactions.suspend();
            try (var connection = dataSource.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("SELECT pg_terminate_backend(%d, 10000)".formatted(pid));
                kills.incrementAndGet();
            } finally {
                transactions.resume(suspended);
            }
        }
    }

    /** Begins a transaction itself, and takes what it is told of the commit for no reason to fail. */
    private static Outcome ownTransaction(Worker worker, Job<Integer> job, JobContext context) throws Exception {
        TransactionManager transactions = NarayanaServices.manager();
        transactions.begin();
        context.join(/* complete= */ true);
        int pid = worker.effect(job.payload());
        if (job.attempt() == 1) {
            worker.terminate(pid);
        }
        try {
            transactions.commit();
        } catch (HeuristicMixedException | HeuristicRollbackException | RollbackException e) {
            return Outcome.complete();
        }
        return Outcome.complete();
    }

    private final NarayanaPool kind;
    private final TestDatabase database;

    LostCommitIT(NarayanaPool kind, TestDatabase database) {
        this.kind = kind;
        this.database = database;
    }

    @BeforeEach
    void table() {
        database.execute("DROP TABLE IF EXISTS effect", "CREATE TABLE effect (payload integer)");
    }

    @Test
    void twentyLostCommits_loseNoJobAndDoubleNoEffect() {
        try (WeldNode node = WeldNode.builder()
                .dataSource(database, kind)
                .config("pg-queue.schema-management", "migrate")
                .config("pg-queue.defaults.lease", "PT2S")
                .beans(Worker.class)
                .start()) {
            node.get(PgQueueManager.class)
                    .queue("lost", Integer.class)
                    .pushAll(IntStream.range(0, JOBS).boxed().toList());

            assertEachIsDoneOnce(node, "lost");
        }
    }

    /** With XA the transaction manager reports COMMITTED, and the handler returns: only the row knows better. */
    @Test
    void twentyLostCommits_thatTheHandlerTakesForDone_loseNoJobAndDoubleNoEffect() {
        try (WeldNode node = WeldNode.builder()
                .dataSource(database, kind)
                .config("pg-queue.schema-management", "migrate")
                .config("pg-queue.defaults.lease", "PT2S")
                .beans(Worker.class)
                .start()) {
            PgQueueManager manager = node.get(PgQueueManager.class);
            manager.createQueue("believed");
            Worker worker = node.get(Worker.class);
            manager.work("believed", Integer.class, (job, context) -> ownTransaction(worker, job, context));

            manager.queue("believed", Integer.class)
                    .pushAll(IntStream.range(0, JOBS).boxed().toList());

            assertEachIsDoneOnce(node, "believed");
        }
    }

    private void assertEachIsDoneOnce(WeldNode node, String queue) {
        // A job comes again as soon as its session is gone, which may be before whoever ended that knows of it.
        Worker worker = node.get(Worker.class);
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> worker.kills() == JOBS && database.number("SELECT count(*) FROM queue_" + queue) == 0);
        assertThat(database.text("SELECT count(*) || ' ' || count(DISTINCT payload) FROM effect"))
                .isEqualTo("20 20");
        assertThat(database.number("SELECT count(*) FROM pg_queue_dead_letter")).isZero();
    }
}
