package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.it.support.HookedDataSource;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that is not there yet, or goes away for a while, costs time and nothing else. */
@PgQueueTest
class DatabaseLossIT {

    @Test
    void start_databaseNotThereYet_isRefusedAndCanBeRepeated(TestDatabase database) {
        HookedDataSource dataSource = new HookedDataSource(database.dataSource());
        try (TestNode node = TestNode.on(database, dataSource, config -> config)) {
            database.execute("SELECT pg_queue_create_queue('early')");
            dataSource.refuse();
            node.manager().work("early", String.class, (job, context) -> Outcome.complete());
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(node.manager()::start).isInstanceOfSatisfying(StorageException.class, away -> {
                    assertThat(away.transientFailure()).isTrue();
                    assertThat(away.sqlState()).isEqualTo("08001");
                });
            }

            dataSource.allow();
            node.manager().start();

            node.manager().queue("early", String.class).push("x");
            node.probe().await("completed early");
        }
    }

    @ParameterizedTest
    @EnumSource
    void work_databaseAwayForAWhile_goesOnWithoutAFailure(WorkerMode mode, TestDatabase database) {
        HookedDataSource dataSource = new HookedDataSource(database.dataSource());
        try (TestNode node = TestNode.on(
                database,
                dataSource,
                config -> config.withQueueDefaults(queue -> queue.withLease(Duration.ofMinutes(5))))) {
            JobQueue<Integer> queue = node.queue(Integer.class);
            AtomicInteger refused = new AtomicInteger();
            AtomicInteger failures = new AtomicInteger();
            node.manager().work(queue.name().value(), Integer.class, mode.options(), (job, context) -> {
                failures.addAndGet(job.failures());
                if (job.payload() == 10) {
                    dataSource.before(() -> {
                        if (refused.incrementAndGet() < 6) {
                            throw new java.sql.SQLException("away, as the test wants it", "08006");
                        }
                    });
                }
                return Outcome.complete();
            });
            queue.pushAll(IntStream.range(0, 30).boxed().toList());
            node.manager().start();

            database.await("SELECT count(*) FROM queue_" + queue.name(), 0);
            assertThat(refused).hasValueGreaterThanOrEqualTo(6);
            assertThat(failures).hasValue(0);
            assertThat(node.probe().countOf("dead")).isZero();
        }
    }

    @Test
    void work_allSessionsTerminatedAgainAndAgain_losesNoJobAndDoublesNoEffect(TestDatabase database) {
        try (TestNode node = TestNode.on(
                database,
                config -> config.withQueueDefaults(
                        queue -> queue.withLease(Duration.ofSeconds(1)).withMaxAttempts(1_000)))) {
            JobQueue<Integer> queue = node.queue(Integer.class);
            String table = "effect_of_" + queue.name();
            database.execute("CREATE TABLE " + table + " (n int)");
            queue.pushAll(IntStream.range(0, 60).boxed().toList());
            node.manager().work(queue.name().value(), Integer.class, WorkerOptions.transactional(), (job, context) -> {
                try (var insert = context.connection().prepareStatement("INSERT INTO " + table + " VALUES (?)")) {
                    insert.setInt(1, job.payload());
                    insert.executeUpdate();
                }
                return Outcome.complete();
            });
            node.manager().start();

            for (int done = 5; done <= 45; done += 10) {
                database.await("SELECT count(*) >= " + done + " FROM " + table, "t");
                database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
            }

            database.await("SELECT count(*) FROM queue_" + queue.name(), 0);
            assertThat(database.text("SELECT count(*) || ' ' || count(DISTINCT n) FROM " + table))
                    .isEqualTo("60 60");
            assertThat(database.number(
                            "SELECT count(*) FROM pg_queue_dead_letter WHERE queue = '" + queue.name() + "'"))
                    .isZero();
        }
    }

    @Test
    void work_asleepWhenItsSessionsAreTerminated_isWokenByTheNextPush(TestDatabase database) {
        try (TestNode node = TestNode.on(
                database,
                config -> config.withQueueDefaults(queue -> queue.withPollInterval(Duration.ofMinutes(10))))) {
            JobQueue<String> queue = node.queue();
            node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
            node.manager().start();
            node.probe().await("listening");
            node.probe().await("asleep " + queue.name());

            database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
            database.execute("INSERT INTO queue_" + queue.name() + " (payload) VALUES ('\"pushed meanwhile\"')");

            node.probe().await("completed " + queue.name());
            node.probe().await("listening", 2);
            queue.push("pushed afterwards");
            node.probe().await("completed " + queue.name(), 2);
        }
    }
}
