package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.ProcessNode;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process that is killed takes nothing with it, and leaves nothing half done. */
@PgQueueTest
class KilledProcessIT {

    private static String table(TestNode node, JobQueue<?> queue) {
        String table = "effect_of_" + queue.name();
        node.database().execute("CREATE TABLE " + table + " (text text)");
        return table;
    }

    private static void awaitOnlyOwnSessions(TestDatabase database) {
        database.await(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
                0);
    }

    /** Waits until others can see whether the node that works the queue lives. */
    private static void awaitSeen(TestDatabase database, JobQueue<?> queue) {
        database.await(
                "SELECT count(DISTINCT node) FROM pg_queue_node JOIN pg_queue_lease_" + queue.name() + " USING (node)",
                1);
    }

    @Test
    void push_killedBeforeTheCommit_leavesNeitherJobNorWrite(TestNode node) {
        JobQueue<String> queue = node.queue();
        String table = table(node, queue);

        try (ProcessNode process = ProcessNode.start(
                PushingProcess.class, node.database(), queue.name().value(), table, "false")) {
            process.awaitLine("pushed");
            process.kill();
        }

        awaitOnlyOwnSessions(node.database());
        assertThat(queue.pop()).isEmpty();
        assertThat(queue.pendingCount()).isZero();
        assertThat(node.database().number("SELECT count(*) FROM " + table)).isZero();
    }

    @Test
    void push_killedAfterTheCommit_leavesBoth(TestNode node) {
        JobQueue<String> queue = node.queue();
        String table = table(node, queue);

        try (ProcessNode process = ProcessNode.start(
                PushingProcess.class, node.database(), queue.name().value(), table, "true")) {
            process.awaitLine("committed");
            process.kill();
        }

        assertThat(queue.pop()).map(Job::payload).contains("x");
        assertThat(node.database().number("SELECT count(*) FROM " + table)).isEqualTo(1);
    }

    /** The ids that the stream has drawn are gone: whoever claims has a wide gap to pass. */
    @Test
    void pushStream_killedInTheMiddle_leavesNothingAndHidesNothing(TestNode node) {
        JobQueue<String> queue = node.queue();

        try (ProcessNode process = ProcessNode.start(
                StreamingProcess.class, node.database(), queue.name().value())) {
            process.awaitLine("streaming");
            assertThat(node.database().number("SELECT last_value FROM pg_queue_id_" + queue.name()))
                    .as("the server has got portions of it")
                    .isGreaterThan(StreamingProcess.JOBS / 2);
            queue.push("meanwhile");
            process.kill();
        }
        awaitOnlyOwnSessions(node.database());
        queue.push("after");

        assertThat(queue.pendingCount()).isEqualTo(2);
        assertThat(queue.pop(10)).extracting(Job::payload).containsExactly("meanwhile", "after");
    }

    @Test
    void work_killedInItsTransaction_isTakenOverAndTheEffectIsThereOnce(TestNode node) {
        JobQueue<String> queue = node.queue();
        String table = table(node, queue);
        queue.push(WorkingProcess.HANG);
        try (ProcessNode process = ProcessNode.start(
                WorkingProcess.class, node.database(), queue.name().value(), table, "true", "PT1H")) {
            process.awaitLine("working " + WorkingProcess.HANG);
            awaitSeen(node.database(), queue);
            process.kill();
        }
        List<Integer> attempts = Collections.synchronizedList(new ArrayList<>());

        node.manager().work(queue.name().value(), String.class, WorkerOptions.transactional(), (job, context) -> {
            try (var insert = context.connection().prepareStatement("INSERT INTO " + table + " VALUES (?)")) {
                insert.setString(1, job.payload());
                insert.executeUpdate();
            }
            attempts.add(job.attempt());
            assertThat(job.failures()).as("the lost attempt counts").isEqualTo(1);
            return Outcome.complete();
        });
        node.manager().start();

        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
        assertThat(attempts).containsExactly(2);
        assertThat(node.database().text("SELECT string_agg(text, ',') FROM " + table))
                .isEqualTo(WorkingProcess.HANG);
    }

    @Test
    void work_killedInItsLease_isTakenOverByAnotherProcess(TestNode node) {
        JobQueue<String> queue = node.queue();
        String table = table(node, queue);
        queue.pushAll(List.of("before", WorkingProcess.HANG));
        String[] arguments = {queue.name().value(), table, "false", "PT1H"};
        try (ProcessNode first = ProcessNode.start(WorkingProcess.class, node.database(), arguments)) {
            first.awaitLine("working " + WorkingProcess.HANG);
            awaitSeen(node.database(), queue);
            first.kill();

            try (ProcessNode second = ProcessNode.start(WorkingProcess.class, node.database(), arguments)) {
                second.awaitLine("working " + WorkingProcess.HANG);
            }
        }

        assertThat(node.database()
                        .text("SELECT attempt || ' ' || failures FROM queue_" + queue.name() + " WHERE payload = '\""
                                + WorkingProcess.HANG + "\"'"))
                .isEqualTo("2 1");
    }

    @Test
    void work_killedAgainAndAgain_endsAsADeadLetter() {
        try (TestDatabase database = TestDatabase.create();
                TestNode node = TestNode.on(
                        database,
                        config -> config.withQueueDefaults(
                                queue -> queue.withMaxAttempts(2).withLease(Duration.ofSeconds(1))))) {
            JobQueue<String> queue = node.queue();
            String table = table(node, queue);
            queue.push(WorkingProcess.HANG);
            for (int run = 1; run <= 2; run++) {
                try (ProcessNode process = ProcessNode.start(
                        WorkingProcess.class, database, queue.name().value(), table, "true", "PT1S")) {
                    process.awaitLine("working " + WorkingProcess.HANG);
                }
            }
            queue.push("healthy");

            node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
            node.manager().start();

            database.await("SELECT count(*) FROM queue_" + queue.name(), 0);
            assertThat(database.text(
                            "SELECT string_agg((payload #>> '{}') || ' ' || failures, ',') FROM pg_queue_dead_letter"))
                    .isEqualTo(WorkingProcess.HANG + " 2");
            node.probe().await("dead " + queue.name());
        }
    }
}
