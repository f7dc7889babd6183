package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.ProcessNode;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A process is killed while it runs some jobs and holds hundreds that wait in its buffer, again and again; how long it
 * takes until all of them have run elsewhere is printed. The profile crash makes it 20 times.
 */
@PgQueueTest
class KilledWorkerIT {

    private static final int KILLS = Integer.getInteger("crash.kills", 2);
    private static final int RUNNING = 8;

    /** Quick ones, so that the buffer grows; those that hang; and those that wait behind them. */
    private static final List<String> JOBS = Stream.of(
                    numbered("quick", 6000), numbered("hang", RUNNING), numbered("rest", 2000))
            .flatMap(jobs -> jobs)
            .toList();

    private static Stream<String> numbered(String name, int jobs) {
        return IntStream.range(0, jobs).mapToObj(number -> name + ' ' + number);
    }

    @Test
    void work_killedWithAFullBuffer_isTakenOverWhole(TestDatabase database) {
        for (int kill = 1; kill <= KILLS; kill++) {
            try (AgroalDataSource pool = NarayanaPool.APART.open(database.database());
                    TestNode survivor = TestNode.on(database, pool, config -> config)) {
                kill(survivor, kill);
            }
        }
    }

    private static void kill(TestNode survivor, int number) {
        JobQueue<String> queue = survivor.queue();
        queue.pushAll(JOBS);
        Set<String> worked = ConcurrentHashMap.newKeySet();
        Set<String> failed = ConcurrentHashMap.newKeySet();
        try (ProcessNode killed = ProcessNode.start(
                BufferingProcess.class, survivor.database(), queue.name().value(), Integer.toString(RUNNING))) {
            numbered("hang", RUNNING).forEach(killed::awaitLine);

            survivor.manager()
                    .work(
                            queue.name().value(),
                            String.class,
                            WorkerOptions.leased().withConcurrency(RUNNING),
                            (job, context) -> {
                                if (job.failures() > 0) {
                                    failed.add(job.payload());
                                }
                                worked.add(job.payload());
                                return Outcome.complete();
                            });
            survivor.manager().start();
            survivor.database().await("SELECT count(*) = (" + held(queue) + ") FROM queue_" + queue.name(), "t");
            long held = survivor.database().number(held(queue));
            killed.kill();
            long from = System.nanoTime();

            survivor.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
            System.out.println("kill " + number + ": " + held + " jobs, done elsewhere after "
                    + Duration.ofNanos(System.nanoTime() - from).toMillis() + " ms");
            assertThat(held).isGreaterThan(10L * RUNNING);
        }
        assertThat(worked).containsAll(numbered("hang", RUNNING).toList()).hasSizeGreaterThan(10 * RUNNING);
        assertThat(failed).as("nobody knows which of them had begun").isEmpty();
        assertThat(survivor.database()
                        .number("SELECT count(*) FROM pg_queue_dead_letter WHERE queue = '" + queue.name() + "'"))
                .isZero();
    }

    /** How many jobs of the only other node with leases are left. */
    private static String held(JobQueue<?> queue) {
        return """
                SELECT count(*)
                FROM queue_%1$s AS job
                JOIN pg_queue_lease_%1$s AS lease ON lease.jobs @> job.id
                WHERE lease.until > clock_timestamp() + interval '10 minutes'
                """.formatted(queue.name());
    }
}
