package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A worker runs as many jobs at once as it was told to, no fewer and no more. */
@PgQueueTest
class WorkerConcurrencyIT {

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    /** Jobs that end only if so many of them run at once. */
    private JobHandler<Integer> together(int concurrency) {
        CyclicBarrier barrier = new CyclicBarrier(concurrency);
        return (job, context) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                barrier.await(30, TimeUnit.SECONDS);
            } finally {
                running.decrementAndGet();
            }
            return Outcome.complete();
        };
    }

    private static List<Integer> payloads(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void work_asConfigured_usesTheWholeConcurrency(TestDatabase database) {
        try (TestNode node =
                TestNode.on(database, config -> config.withQueueDefaults(queue -> queue.withConcurrency(3)))) {
            JobQueue<Integer> queue = node.queue(Integer.class);
            queue.pushAll(payloads(12));

            node.manager().work(queue.name().value(), Integer.class, together(3));
            node.manager().start();

            node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
            assertThat(most).hasValue(3);
            assertThat(node.probe().countOf("failed")).isZero();
        }
    }

    @Test
    void work_withOptions_overridesTheConfiguration(TestDatabase database) {
        try (TestNode node =
                TestNode.on(database, config -> config.withQueueDefaults(queue -> queue.withConcurrency(1)))) {
            JobQueue<Integer> queue = node.queue(Integer.class);
            queue.pushAll(payloads(10));

            node.manager()
                    .work(
                            queue.name().value(),
                            Integer.class,
                            WorkerOptions.leased().withConcurrency(5),
                            together(5));
            node.manager().start();

            node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
            assertThat(most).hasValue(5);
        }
    }

    @Test
    void work_jobsPushedOneByOne_stillRunAtOnce(TestNode node) {
        JobQueue<Integer> queue = node.queue(Integer.class);
        node.manager()
                .work(
                        queue.name().value(),
                        Integer.class,
                        WorkerOptions.leased().withConcurrency(4),
                        together(4));
        node.manager().start();

        payloads(4).forEach(queue::push);

        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
        assertThat(most).hasValue(4);
    }

    @Test
    void work_threeNodes_runEachJobOnce(TestDatabase database) {
        try (TestNode first = TestNode.on(database);
                TestNode second = TestNode.on(database);
                TestNode third = TestNode.on(database)) {
            JobQueue<Integer> queue = first.queue(Integer.class);
            Set<Integer> seen = ConcurrentHashMap.newKeySet();
            AtomicInteger again = new AtomicInteger();
            JobHandler<Integer> handler = (job, context) -> {
                if (!seen.add(job.payload())) {
                    again.incrementAndGet();
                }
                return Outcome.complete();
            };
            for (TestNode node : List.of(first, second, third)) {
                node.manager().work(queue.name().value(), Integer.class, handler);
                node.manager().start();
            }

            queue.pushAll(payloads(150));

            database.await("SELECT count(*) FROM queue_" + queue.name(), 0);
            assertThat(seen).hasSize(150);
            assertThat(again).hasValue(0);
        }
    }

    @Test
    void work_twoWorkersOfOneQueue_shareItsJobs(TestNode node) {
        JobQueue<Integer> queue = node.queue(Integer.class);
        JobHandler<Integer> handler = together(2);
        node.manager()
                .work(
                        queue.name().value(),
                        Integer.class,
                        WorkerOptions.leased().withConcurrency(1),
                        handler);
        node.manager()
                .work(
                        queue.name().value(),
                        Integer.class,
                        WorkerOptions.leased().withConcurrency(1),
                        handler);
        node.manager().start();

        queue.pushAll(payloads(2));

        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
        assertThat(most).hasValue(2);
    }

    @Test
    void work_afterStart_startsAtOnce(TestNode node) {
        JobQueue<Integer> queue = node.queue(Integer.class);
        queue.push(1);
        node.manager().start();
        node.manager().start();

        node.manager().work(queue.name().value(), Integer.class, (job, context) -> Outcome.complete());

        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
    }

    /** Quick jobs are claimed ahead by the hundred; slow ones that come later must not wait behind each other for that. */
    @Test
    void work_slowJobsAfterManyQuickOnes_spreadOverTheNodes(TestDatabase database) {
        Gate gate = new Gate();
        Set<Integer> begun = ConcurrentHashMap.newKeySet();
        JobHandler<Integer> slowFromHere = (job, context) -> {
            if (job.payload() < 0) {
                begun.add(job.payload());
                gate.pass();
            }
            return Outcome.complete();
        };
        WorkerOptions oneAtATime = WorkerOptions.leased().withConcurrency(1);
        try (TestNode first = TestNode.on(database);
                TestNode second = TestNode.on(database)) {
            JobQueue<Integer> queue = first.queue(Integer.class);
            String name = queue.name().value();
            queue.pushAll(payloads(5_000));
            first.manager().work(name, Integer.class, oneAtATime, slowFromHere);
            first.manager().start();
            database.await("SELECT count(*) FROM queue_" + name, 0);
            first.probe().await("asleep " + name);

            queue.pushAll(List.of(-1, -2));
            database.await("SELECT count(*) FROM pg_queue_lease_" + name + " WHERE NOT isempty(jobs)", 1);
            second.manager().work(name, Integer.class, oneAtATime, slowFromHere);
            second.manager().start();

            Awaitility.await().until(() -> begun.size() == 2);
            gate.open();
            database.await("SELECT count(*) FROM queue_" + name, 0);
        }
    }
}
