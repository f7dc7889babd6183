package io.github.pgqueue.it.jta;

import static org.assertj.core.api.Assertions.assertThat;

import com.arjuna.ats.arjuna.coordinator.TxControl;
import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.NarayanaServices;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.Probe;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jta.JtaTransactions;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobContext;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A worker in a transaction whose time is over, by the transaction manager's clock or by the queue's own. */
@PgQueueTest
@ParameterizedClass
@EnumSource(value = NarayanaPool.class, mode = Mode.EXCLUDE, names = "APART")
class WorkerTimeoutIT {

    static final class Expected extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Each takes too long in its first attempt only, and notices when it is told to stop. */
    @ApplicationScoped
    static class Workers {

        @Inject
        DataSource dataSource;

        private final Queue<String> interrupted = new ConcurrentLinkedQueue<>();

        Queue<String> interrupted() {
            return interrupted;
        }

        @PgWorker("returns")
        @Transactional
        public void returns(Job<String> job, JobContext context) throws Exception {
            takeTooLong(job, context);
        }

        @PgWorker("decides")
        @Transactional
        public Outcome decides(Job<String> job, JobContext context) throws Exception {
            takeTooLong(job, context);
            return Outcome.complete();
        }

        @PgWorker("commits_on_exception")
        @Transactional(dontRollbackOn = Exception.class)
        public void commitsOnException(Job<String> job, JobContext context) throws Exception {
            takeTooLong(job, context);
            if (job.attempt() == 1) {
                throw new Expected();
            }
        }

        private void takeTooLong(Job<String> job, JobContext context) throws SQLException {
            execute(dataSource, job);
            if (job.attempt() == 1) {
                untilCancelled(context);
                interrupted.add(job.queue() + " " + Thread.interrupted());
            }
        }
    }

    private static void execute(DataSource dataSource, Job<?> job) throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO effect VALUES ('%s', %d)".formatted(job.queue(), job.attempt()));
        }
    }

    /** The interrupt comes just after the flag. */
    private static void untilCancelled(JobContext context) {
        while (!context.cancelled() || !Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    private final NarayanaPool kind;
    private final TestDatabase database;
    private final int timeout = TxControl.getDefaultTimeout();

    WorkerTimeoutIT(NarayanaPool kind, TestDatabase database) {
        this.kind = kind;
        this.database = database;
    }

    @BeforeEach
    void table() {
        database.execute("CREATE TABLE IF NOT EXISTS effect (queue text, attempt integer)", "TRUNCATE effect");
    }

    @AfterEach
    void restore() {
        TxControl.setDefaultTimeout(timeout);
    }

    private WeldNode start(String maxRunTime) {
        WeldNode.Builder application = WeldNode.builder()
                .dataSource(database, kind)
                .config("pg-queue.schema-management", "migrate")
                .config("pg-queue.defaults.lease", "PT1M")
                .beans(Workers.class);
        if (!maxRunTime.isEmpty()) {
            application.config("pg-queue.defaults.max-run-time", maxRunTime);
        }
        return application.start();
    }

    private void assertFailedOnceThenDone(WeldNode node, String queue, String error) {
        node.get(PgQueueManager.class).queue(queue, String.class).push("x");

        node.probe().await("failed " + queue);
        node.probe().await("completed " + queue);
        database.await("SELECT count(*) FROM queue_" + queue, 0);
        assertThat(effects(queue)).isEqualTo("2");
        assertThat(node.get(Workers.class).interrupted()).containsExactly(queue + " true");
        assertThat(node.probe().failure(queue)).contains(error);
    }

    private String effects(String queue) {
        return database.text("SELECT coalesce(string_agg(attempt::text, ',' ORDER BY attempt), '') FROM effect"
                + " WHERE queue = '" + queue + "'");
    }

    @Test
    void maxRunTime_methodReturnsNormally_rollsBackAndFails() {
        try (WeldNode node = start("PT0.2S")) {
            assertFailedOnceThenDone(node, "returns", "PGQ1008");
        }
    }

    @Test
    void maxRunTime_methodDecidesItself_rollsBackAndFails() {
        try (WeldNode node = start("PT0.2S")) {
            assertFailedOnceThenDone(node, "decides", "PGQ1008");
        }
    }

    @Test
    void maxRunTime_methodThatWouldCommitOnAnException_rollsBackAndFails() {
        try (WeldNode node = start("PT0.2S")) {
            assertFailedOnceThenDone(node, "commits_on_exception", "PGQ1008");
        }
    }

    @Test
    void transactionTimeout_methodReturnsNormally_isInterruptedAtOnceAndFails() {
        TxControl.setDefaultTimeout(1);
        try (WeldNode node = start("")) {
            assertFailedOnceThenDone(node, "returns", "PGQ6005");
        }
    }

    @Test
    void transactionTimeout_ofTheLibrarysOwnTransaction_isInterruptedAtOnceAndFails() {
        TxControl.setDefaultTimeout(1);
        Probe probe = new Probe();
        try (AgroalDataSource pool = kind.open(database.database());
                JtaTransactions transactions = JtaTransactions.builder(pool, NarayanaServices.registry())
                        .transactionManager(NarayanaServices.manager())
                        .build();
                PgQueueManager manager = PgQueueManager.builder(pool)
                        .transactions(transactions)
                        .config(TestNode.quick())
                        .listener(probe)
                        .build()) {
            manager.createQueue("own");
            manager.work("own", String.class, WorkerOptions.transactional(), (job, context) -> {
                execute(pool, job);
                if (job.attempt() == 1) {
                    untilCancelled(context);
                }
                return Outcome.complete();
            });
            manager.start();
            manager.queue("own", String.class).push("x");

            probe.await("failed own");
            database.await("SELECT count(*) FROM queue_own", 0);
            assertThat(effects("own")).isEqualTo("2");
            assertThat(probe.failure("own")).contains("PGQ6005");
        }
    }
}
