package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose jobs are taken over before their leases end. {@link KilledProcessIT} kills real processes. */
@PgQueueTest
class PresenceIT {

    @BeforeEach
    void forget(TestDatabase database) {
        database.execute("DELETE FROM pg_queue_node");
    }

    /** A node that does not exist, and a job that it has held for a moment and will hold for an hour. */
    private static void ghost(TestDatabase database, JobQueue<?> queue, String node, String since) {
        database.execute(
                "INSERT INTO pg_queue_node VALUES ('%s', %s)".formatted(node, since),
                "INSERT INTO queue_%s (payload, run_at, attempt, leased_until, leased_by)".formatted(queue.name())
                        + " VALUES (to_jsonb('of %1$s'::text), now(), 1, now() + interval '1 hour', '%1$s')"
                                .formatted(node));
    }

    private static List<String> work(TestNode node, JobQueue<?> queue) {
        List<String> worked = new CopyOnWriteArrayList<>();
        node.manager().work(queue.name().value(), String.class, (job, context) -> {
            worked.add(job.payload() + " " + job.attempt() + " " + job.failures());
            return Outcome.complete();
        });
        node.manager().start();
        return worked;
    }

    @Test
    void node_whoseLockIsFree_losesItsJobs(TestDatabase database) {
        try (TestNode node = TestNode.on(database)) {
            JobQueue<String> queue = node.queue();
            ghost(database, queue, "dead", "clock_timestamp()");

            List<String> worked = work(node, queue);

            database.await("SELECT count(*) FROM queue_" + queue.name(), 0);
            assertThat(worked).containsExactly("of dead 2 1");
        }
    }

    @Test
    void node_registeredBeforeTheServerWasStarted_isNotJudged(TestDatabase database) {
        try (TestNode node = TestNode.on(database)) {
            JobQueue<String> queue = node.queue();
            ghost(database, queue, "older", "pg_postmaster_start_time() - interval '1 s'");
            ghost(database, queue, "dead", "clock_timestamp()");

            List<String> worked = work(node, queue);

            database.await("SELECT count(*) FROM queue_" + queue.name(), 1);
            assertThat(worked).containsExactly("of dead 2 1");
        }
    }

    @Test
    void node_thatDoesNotListen_keepsItsJobsUntilTheirLeasesEnd(TestDatabase database) {
        try (TestNode silent = TestNode.on(
                        database,
                        config -> config.withListen(ListenConfig.disabled())
                                .withQueueDefaults(queue ->
                                        queue.withLease(Duration.ofHours(1)).withConcurrency(1)));
                TestNode node = TestNode.on(database)) {
            JobQueue<String> queue = silent.queue();
            Gate gate = new Gate();
            silent.manager().work(queue.name().value(), String.class, (job, context) -> {
                gate.pass();
                return Outcome.complete();
            });
            silent.manager().start();
            queue.push("x");
            gate.awaitReached();
            ghost(database, queue, "dead", "clock_timestamp()");

            List<String> worked = work(node, queue);

            database.await("SELECT count(*) FROM queue_" + queue.name(), 1);
            gate.open();
            silent.probe().await("completed " + queue.name());
            assertThat(worked).containsExactly("of dead 2 1");
        }
    }

    @Test
    void node_thatListens_keepsItsJobs(TestDatabase database) {
        try (TestNode living = TestNode.on(
                        database,
                        config -> config.withQueueDefaults(
                                queue -> queue.withLease(Duration.ofHours(1)).withConcurrency(1)));
                TestNode node = TestNode.on(database)) {
            JobQueue<String> queue = living.queue();
            Gate gate = new Gate();
            living.manager().work(queue.name().value(), String.class, (job, context) -> {
                gate.pass();
                return Outcome.complete();
            });
            living.manager().start();
            queue.push("x");
            gate.awaitReached();
            database.await("SELECT count(*) FROM pg_queue_node", 1);
            ghost(database, queue, "dead", "clock_timestamp()");

            List<String> worked = work(node, queue);

            database.await("SELECT count(*) FROM queue_" + queue.name(), 1);
            gate.open();
            living.probe().await("completed " + queue.name());
            assertThat(worked).containsExactly("of dead 2 1");
        }
    }

    @Test
    void connection_lost_registersTheNextOne(TestDatabase database) {
        try (TestNode node = TestNode.on(database)) {
            work(node, node.queue());
            database.await("SELECT count(*) FROM pg_queue_node", 1);
            String since = database.text("SELECT since FROM pg_queue_node");

            database.execute("SELECT pg_terminate_backend(pid) FROM pg_locks"
                    + " WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted"
                    + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

            database.await("SELECT count(*) FROM pg_queue_node WHERE since > '" + since + "'", 1);
        }
    }

    @Test
    void close_leavesNeitherRegistrationNorLock(TestDatabase database) {
        try (TestNode node = TestNode.on(database)) {
            work(node, node.queue());
            database.await("SELECT count(*) FROM pg_queue_node", 1);

            node.manager().close();

            assertThat(database.number("SELECT count(*) FROM pg_queue_node")).isZero();
            assertThat(database.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
                            + " (SELECT oid FROM pg_database WHERE datname = current_database())"))
                    .isZero();
        }
    }
}
