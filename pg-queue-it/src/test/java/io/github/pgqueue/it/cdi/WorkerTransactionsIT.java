package io.github.pgqueue.it.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.rpc.RequestResponse;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InterceptorBinding;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker method's own transaction, whatever type it has, decides about the job. */
@PgQueueTest
class WorkerTransactionsIT {

    /** What workers saw and wrote. */
    @ApplicationScoped
    static class Notes {

        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Inject
        DataSource dataSource;

        void add(String line) {
            lines.add(line);
        }

        List<String> lines() {
            return List.copyOf(lines);
        }

        /** Writes in the transaction of the caller, if there is one. */
        void write(String text) {
            execute("INSERT INTO note VALUES ('" + text + "')");
        }

        /** Whether the job's row is still there for the transaction of the caller. */
        boolean sees(Job<?> job) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement();
                    var rows = statement.executeQuery(
                            "SELECT FROM \"queue_" + job.queue() + "\" WHERE id = " + job.id())) {
                return rows.next();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private void execute(String sql) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @ApplicationScoped
    static class Types {

        @Inject
        Notes notes;

        @Transactional
        @PgWorker("required")
        public void required(Job<String> job) {
            look(job);
        }

        @Transactional(TxType.REQUIRES_NEW)
        @PgWorker("requiresNew")
        public void requiresNew(Job<String> job) {
            look(job);
        }

        @Transactional(TxType.NOT_SUPPORTED)
        @PgWorker("notSupported")
        public void notSupported(Job<String> job) {
            look(job);
        }

        @Transactional(TxType.SUPPORTS)
        @PgWorker("supports")
        public void supports(Job<String> job) {
            look(job);
        }

        @Transactional(TxType.NEVER)
        @PgWorker("never")
        public void never(Job<String> job) {
            look(job);
        }

        @PgWorker("plain")
        void plain(Job<String> job) {
            look(job);
        }

        private void look(Job<String> job) {
            notes.add(notes.sees(job) ? "leased" : "joined");
        }
    }

    @ApplicationScoped
    @Transactional
    static class Ends {

        @Inject
        Notes notes;

        @Inject
        TransactionSynchronizationRegistry registry;

        @Inject
        @PgQueue("next")
        JobQueue<String> next;

        @PgWorker("throws")
        public void fails(Job<String> job) {
            notes.write("throws");
            next.push("throws");
            if (job.attempt() == 1) {
                throw new IllegalStateException("the first attempt fails");
            }
        }

        @PgWorker("marks")
        public void marks(Job<String> job) {
            notes.write("marks");
            if (job.attempt() == 1) {
                registry.setRollbackOnly();
            }
        }

        @PgWorker("decides")
        public Outcome decides(Job<String> job) {
            notes.write("decides");
            return job.attempt() == 1 ? Outcome.retry(Duration.ZERO) : Outcome.complete();
        }

        @PgWorker("dies")
        public Outcome dies(Job<String> job) {
            notes.write("dies");
            return Outcome.dead("no use");
        }

        @PgWorker("stage")
        public CompletionStage<Outcome> stage(Job<String> job) {
            notes.write("stage");
            return CompletableFuture.supplyAsync(
                    () -> job.attempt() == 1 ? Outcome.retry(Duration.ZERO) : Outcome.complete());
        }

        @PgWorker("checked")
        public void checked(Job<String> job) throws IOException {
            notes.write("checked");
            throw new IOException("checked exceptions commit");
        }

        @PgWorker("deferred")
        public void commitFails(Job<String> job) {
            notes.write(job.attempt() == 1 ? "orphan" : "deferred");
        }
    }

    @ApplicationScoped
    static class Answers {

        @Inject
        Notes notes;

        @Transactional
        @PgWorker("answers")
        public String answer(String question) {
            notes.write("answers");
            return question + "!";
        }
    }

    @InterceptorBinding
    @Retention(RetentionPolicy.RUNTIME)
    @interface Again {}

    /** As fault tolerance does it, but outside of the transaction. */
    @Again
    @Interceptor
    @Priority(Interceptor.Priority.PLATFORM_BEFORE)
    static class AgainInterceptor {

        @AroundInvoke
        Object again(InvocationContext invocation) throws Exception {
            try {
                return invocation.proceed();
            } catch (IllegalStateException e) {
                return invocation.proceed();
            }
        }
    }

    @ApplicationScoped
    static class Repeated {

        @Inject
        Notes notes;

        @Again
        @Transactional
        @PgWorker("repeated")
        public void work(Job<String> job) {
            notes.write("repeated");
            notes.add(notes.sees(job) ? "leased" : "joined");
            if (notes.lines().size() == 1) {
                throw new IllegalStateException("the first call fails");
            }
        }
    }

    @ApplicationScoped
    static class Forgetful {

        @Inject
        Notes notes;

        @Inject
        UserTransaction transaction;

        @PgWorker("forgets")
        void work(Job<String> job) throws Exception {
            if (job.attempt() == 1) {
                transaction.begin();
                notes.write("forgets");
            }
        }
    }

    @BeforeEach
    void createTable(TestDatabase database) {
        database.execute(
                "CREATE TABLE IF NOT EXISTS note (text text)",
                "CREATE TABLE IF NOT EXISTS parent (text text PRIMARY KEY)",
                "TRUNCATE note");
    }

    @ParameterizedTest
    @CsvSource({
        "required, joined",
        "requiresNew, joined",
        "notSupported, leased",
        "supports, leased",
        "never, leased",
        "plain, leased"
    })
    void work_transactionType_joinsOrLeases(String queue, String expected, TestDatabase database) {
        try (WeldNode node = start(database, Types.class)) {
            push(node, queue);

            node.probe().await("completed " + queue);
            assertThat(node.get(Notes.class).lines()).containsExactly(expected);
            assertThat(pending(node, queue)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"throws, 1", "marks, 1", "deferred, 1", "decides, 2", "stage, 2", "checked, 1", "dies, 1"})
    void work_endOfTheTransaction_isTheEndOfTheJob(String queue, int written, TestDatabase database) {
        database.execute(
                "DROP TRIGGER IF EXISTS no_orphans ON note",
                "CREATE OR REPLACE FUNCTION no_orphans() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'refused at commit'; END $$",
                "CREATE CONSTRAINT TRIGGER no_orphans AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED"
                        + " FOR EACH ROW WHEN (NEW.text = 'orphan') EXECUTE FUNCTION no_orphans()");
        try (WeldNode node = start(database, Ends.class)) {
            push(node, queue);

            await().untilAsserted(() -> assertThat(database.number("SELECT count(*) FROM queue_" + queue))
                    .isZero());
        }
        assertThat(database.number("SELECT count(*) FROM note WHERE text = '" + queue + "'"))
                .isEqualTo(written);
        assertThat(database.number("SELECT count(*) FROM note")).isEqualTo(written);
        if (queue.equals("throws")) {
            assertThat(database.number("SELECT count(*) FROM queue_next")).isEqualTo(1);
        }
        assertThat(database.number("SELECT count(*) FROM pg_queue_dead_letter WHERE queue = '" + queue + "'"))
                .isEqualTo(queue.equals("dies") ? 1 : 0);
    }

    @Test
    void work_answer_commitsWithTheEffects(TestDatabase database) {
        try (WeldNode node = start(database, Answers.class)) {
            String answer =
                    node.get(RequestResponse.class).pushAndWait("answers", "why", String.class, Duration.ofSeconds(20));

            assertThat(answer).isEqualTo("why!");
            assertThat(database.number("SELECT count(*) FROM note")).isEqualTo(1);
        }
    }

    @Test
    void work_calledAgainByAnOuterInterceptor_joinsTheNewTransaction(TestDatabase database) {
        try (WeldNode node = start(database, Repeated.class, AgainInterceptor.class)) {
            push(node, "repeated");

            node.probe().await("completed repeated");
            assertThat(node.get(Notes.class).lines()).containsExactly("joined", "joined");
            assertThat(database.number("SELECT count(*) FROM note")).isEqualTo(1);
            assertThat(pending(node, "repeated")).isZero();
        }
    }

    @Test
    void work_transactionLeftOpen_isRolledBackAndTheAttemptFails(TestDatabase database) {
        try (WeldNode node = start(database, Forgetful.class)) {
            push(node, "forgets");

            node.probe().await("failed forgets");
            node.probe().await("completed forgets");
            assertThat(database.number("SELECT count(*) FROM note")).isZero();
        }
    }

    @Test
    void work_directCallByTheApplication_joinsNothing(TestDatabase database) {
        try (WeldNode node = start(database, Answers.class)) {
            assertThat(node.get(Answers.class).answer("direct")).isEqualTo("direct!");
            assertThat(database.number("SELECT count(*) FROM note")).isEqualTo(1);
        }
    }

    private static WeldNode start(TestDatabase database, Class<?>... workers) {
        return WeldNode.builder(database)
                .beans(Notes.class)
                .beans(workers)
                .config("pg-queue.schema-management", "migrate")
                .start();
    }

    private static void push(WeldNode node, String queue) {
        node.get(PgQueueManager.class).queue(queue, String.class).push("x");
    }

    private static long pending(WeldNode node, String queue) {
        return node.get(PgQueueManager.class).queue(queue, String.class).pendingCount();
    }
}
