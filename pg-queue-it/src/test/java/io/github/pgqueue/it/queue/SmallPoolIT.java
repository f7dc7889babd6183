package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A pool that is smaller than what the workers need, and that lets who asks wait for ever: it is explained, and the jobs
 * are worked all the same.
 */
@PgQueueTest
class SmallPoolIT {

    private static AgroalDataSource poolOfTwo(TestDatabase database) {
        return NarayanaPool.APART.open(database.database(), 2, Duration.ZERO);
    }

    @Test
    void work_poolOfTwoForFourJobsInTransactions_saysWhatToDoAndWorksThemAll(TestDatabase database) {
        try (Logged logged = Logged.by("io.github.pgqueue.queue");
                AgroalDataSource pool = poolOfTwo(database);
                TestNode node = TestNode.on(
                        database,
                        pool,
                        config -> config.withQueueDefaults(
                                queue -> queue.withLease(Duration.ofSeconds(1)).withConcurrency(4)))) {
            JobQueue<Integer> queue = node.queue(Integer.class);
            queue.pushAll(IntStream.range(0, 20).boxed().toList());
            node.manager().work(queue.name().value(), Integer.class, WorkerOptions.transactional(), (job, context) -> {
                Awaitility.await()
                        .pollInSameThread()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> !logged.warnings("PGQ6006").isEmpty());
                return Outcome.complete();
            });

            node.manager().start();

            database.await("SELECT count(*) FROM queue_" + queue.name(), 0);
            assertThat(logged.warnings("PGQ6006"))
                    .singleElement()
                    .satisfies(warning -> assertThat(warning)
                            .contains("'" + queue.name() + "' with concurrency 4", "at least 6 connections"));
            assertThat(node.probe().countOf("failed")).isZero();
        }
    }

    @Test
    void work_handlersThatNeedASecondConnection_doNotWaitForEachOtherForEver(TestDatabase database) {
        try (Logged logged = Logged.by("io.github.pgqueue.queue");
                AgroalDataSource pool = poolOfTwo(database);
                TestNode node = TestNode.on(
                        database,
                        pool,
                        config -> config.withListen(new ListenConfig(false, null, null, null))
                                .withQueueDefaults(queue -> queue.withLease(Duration.ofMinutes(5))))) {
            JobQueue<String> other = node.queue();
            JobQueue<Integer> queue = node.queue(Integer.class);
            queue.pushAll(IntStream.range(0, 4).boxed().toList());
            CountDownLatch bothHoldOne = new CountDownLatch(2);
            node.manager().work(queue.name().value(), Integer.class, WorkerOptions.transactional(), (job, context) -> {
                bothHoldOne.countDown();
                Gate.await(bothHoldOne, "there was no second job");
                other.pop();
                return Outcome.complete();
            });

            node.manager().start();

            Awaitility.await()
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> database.number("SELECT count(*) FROM queue_" + queue.name()) == 0);
            assertThat(logged.warnings("has waited for another one")).isNotEmpty();
            assertThat(node.probe().countOf("failed")).isZero();
            assertThat(node.probe().countOf("retried")).isPositive();
        }
    }

    @Test
    void work_poolThatIsLargeEnough_saysNothing(TestDatabase database) {
        try (Logged logged = Logged.by("io.github.pgqueue.queue");
                AgroalDataSource pool = NarayanaPool.APART.open(database.database(), 6, Duration.ZERO);
                TestNode node = TestNode.on(database, pool, config -> config)) {
            JobQueue<Integer> queue = node.queue(Integer.class);
            queue.pushAll(IntStream.range(0, 100).boxed().toList());
            node.manager()
                    .work(
                            queue.name().value(),
                            Integer.class,
                            WorkerOptions.transactional(),
                            (job, context) -> Outcome.complete());

            node.manager().start();

            database.await("SELECT count(*) FROM queue_" + queue.name(), 0);
            assertThat(logged.warnings("PGQ6006")).isEmpty();
        }
    }
}
