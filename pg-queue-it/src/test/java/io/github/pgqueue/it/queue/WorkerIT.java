package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushOptions;
import io.github.pgqueue.queue.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A worker runs every job, and what it decides happens. */
@PgQueueTest
class WorkerIT {

    @Test
    void work_manyJobs_runsEachOnce(TestNode node) {
        JobQueue<Integer> queue = node.queue(Integer.class);
        List<Integer> payloads = IntStream.range(0, 500).boxed().toList();
        Set<Integer> seen = ConcurrentHashMap.newKeySet();

        queue.pushAll(payloads);
        node.manager().work(queue.name().value(), Integer.class, (job, context) -> {
            assertThat(seen.add(job.payload())).isTrue();
            return Outcome.complete();
        });
        node.manager().start();

        node.probe().await("completed " + queue.name(), 500);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(payloads);
        assertThat(queue.pendingCount()).isZero();
        assertThat(node.probe().countOf("failed")).isZero();
    }

    @Test
    void work_idleQueue_isWokenByAPush(TestNode node) {
        JobQueue<String> queue = node.queue();
        node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
        node.manager().start();
        node.probe().await("asleep " + queue.name());

        queue.push("wake up");

        node.probe().await("completed " + queue.name());
    }

    /** As after a restore, or where somebody has changed rows by hand. */
    @Test
    void work_jobThatNoClaimFinds_isFoundBehindThoseThatWait(TestNode node) {
        JobQueue<Integer> queue = node.queue(Integer.class);
        queue.pushAll(
                IntStream.range(0, 1_500).boxed().toList(), PushOptions.none().withDelay(Duration.ofHours(1)));
        long last = queue.push(1).id();
        queue.complete(queue.pop().orElseThrow());
        node.database().execute("UPDATE queue_" + queue.name() + " SET run_at = NULL WHERE id = " + (last - 1));
        assertThat(queue.pop()).isEmpty();

        node.manager().work(queue.name().value(), Integer.class, (job, context) -> Outcome.complete());
        node.manager().start();

        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 1_499);
    }

    @Test
    void work_transactional_commitsEffectsWithTheJob(TestNode node) {
        JobQueue<String> queue = node.queue();
        node.database().execute("CREATE TABLE effect (text text)");
        node.manager().work(queue.name().value(), String.class, WorkerOptions.transactional(), (job, context) -> {
            try (var insert = context.connection().prepareStatement("INSERT INTO effect VALUES (?)")) {
                insert.setString(1, job.payload());
                insert.executeUpdate();
            }
            if (job.attempt() == 1) {
                throw new IllegalStateException("once");
            }
            return Outcome.complete();
        });
        node.manager().start();

        queue.push("x");

        node.probe().await("failed " + queue.name());
        node.probe().await("completed " + queue.name());
        assertThat(node.database().number("SELECT count(*) FROM effect")).isEqualTo(1);
    }
}
