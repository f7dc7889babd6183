package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.JobTimeoutException;
import io.github.pgqueue.QueueConfig;
import io.github.pgqueue.RequestFailedException;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobContext;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushOptions;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A handler that runs longer than its queue allows is told to stop, and has failed whatever it makes of that. */
@PgQueueTest
class MaxRunTimeIT {

    private TestNode node;

    @BeforeEach
    void open(TestDatabase database) {
        node = TestNode.on(
                database, config -> config.withQueueDefaults(queue -> queue.withMaxRunTime(Duration.ofMillis(100))));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static void untilCancelled(JobContext context) {
        while (!context.cancelled()) {
            Thread.onSpinWait();
        }
    }

    private String lastError(JobQueue<?> queue) {
        return node.database().text("SELECT error FROM pg_queue_dead_letter WHERE queue = '" + queue.name() + "'");
    }

    @ParameterizedTest
    @EnumSource
    void work_tooLong_isInterruptedAndFails(WorkerMode mode) {
        JobQueue<String> queue = node.queue();
        Gate neverOpened = new Gate();
        List<Boolean> cancelled = new CopyOnWriteArrayList<>();
        node.manager().work(queue.name().value(), String.class, mode.options(), (job, context) -> {
            try {
                neverOpened.pass();
            } finally {
                cancelled.add(context.cancelled());
            }
            return Outcome.complete();
        });
        node.manager().start();

        queue.push("x", PushOptions.none().withMaxAttempts(2));

        node.probe().await("dead " + queue.name());
        assertThat(cancelled).containsExactly(true, true);
        assertThat(lastError(queue)).contains("PGQ1008", JobTimeoutException.class.getName(), "max-run-time");
    }

    @ParameterizedTest
    @EnumSource
    void work_tooLongAndReturnsNormally_failsAllTheSame(WorkerMode mode) {
        JobQueue<String> queue = node.queue();
        String table = "effect_of_" + queue.name();
        node.database().execute("CREATE TABLE " + table + " (attempt integer)");
        node.manager().work(queue.name().value(), String.class, mode.options(), (job, context) -> {
            if (mode == WorkerMode.TRANSACTIONAL) {
                insert(context, "INSERT INTO " + table + " VALUES (" + job.attempt() + ")");
            }
            if (job.attempt() == 1) {
                untilCancelled(context);
            }
            return Outcome.complete();
        });
        node.manager().start();

        queue.push("x");

        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
        assertThat(node.probe().countOf("failed " + queue.name())).isEqualTo(1);
        if (mode == WorkerMode.TRANSACTIONAL) {
            assertThat(node.database().text("SELECT string_agg(attempt::text, ',') FROM " + table))
                    .isEqualTo("2");
        }
    }

    private static void insert(JobContext context, String sql) throws SQLException {
        try (Statement statement = context.connection().createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void work_handlerThatDoesNotStop_losesItsLeaseAndItsOutcome(TestDatabase database) {
        try (TestNode stuck = TestNode.on(
                database,
                config -> config.withQueueDefaults(queue -> queue.withMaxRunTime(Duration.ofMillis(100))
                        .withLease(Duration.ofMillis(500))
                        .withConcurrency(1)))) {
            JobQueue<String> queue = stuck.queue();
            Gate gate = new Gate();
            stuck.manager().work(queue.name().value(), String.class, (job, context) -> {
                gate.passStubbornly();
                return Outcome.complete();
            });
            stuck.manager().start();
            queue.push("x");
            gate.awaitReached();

            node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
            node.manager().start();

            node.probe().await("completed " + queue.name());
            gate.open();
            stuck.probe().await("leaseLost " + queue.name());
            assertThat(stuck.probe().countOf("completed")).isZero();
        }
    }

    @Test
    void request_workedTooLong_isAnswered() {
        String queue = node.queueName();
        node.manager().work(queue, String.class, (job, context) -> {
            untilCancelled(context);
            return Outcome.complete("late");
        });
        node.manager().start();

        assertThatThrownBy(() ->
                        node.manager().requestResponse().pushAndWait(queue, "x", String.class, Duration.ofMinutes(1)))
                .isInstanceOfSatisfying(
                        RequestFailedException.class,
                        failed -> assertThat(failed.remoteType()).isEqualTo(JobTimeoutException.class.getName()));
    }

    @Test
    void maxRunTime_tooShort_isRefused() {
        assertThatThrownBy(() -> QueueConfig.defaults().withMaxRunTime(Duration.ofMillis(9)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("PGQ7010", "max-run-time");
    }
}
