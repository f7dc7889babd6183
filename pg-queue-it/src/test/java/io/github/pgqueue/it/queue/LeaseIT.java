package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobContext;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A lease is renewed while its job runs; who lost it nevertheless cannot end the job any more. */
@PgQueueTest
@SuppressWarnings("NullAway") // references are read only when they have been set
class LeaseIT {

    /** With one slot only: a node with free slots would take its own job over. */
    private static TestNode node(TestDatabase database, Duration lease) {
        return node(database, lease, 1);
    }

    private static TestNode node(TestDatabase database, Duration lease, int concurrency) {
        return TestNode.on(
                database,
                config ->
                        config.withQueueDefaults(queue -> queue.withLease(lease).withConcurrency(concurrency)));
    }

    private static JobQueue<String> queueOf(TestNode node, JobQueue<String> queue) {
        return node.manager().queue(queue.name().value(), String.class);
    }

    @Test
    void work_longerThanTheLease_isRenewedAndWorkedOnce(TestDatabase database) {
        try (TestNode node = node(database, Duration.ofSeconds(3));
                TestNode other = TestNode.on(database)) {
            JobQueue<String> queue = node.queue();
            Gate gate = new Gate();
            AtomicReference<Job<String>> running = new AtomicReference<>();
            node.manager().work(queue.name().value(), String.class, (job, context) -> {
                running.set(job);
                gate.pass();
                assertThat(context.cancelled()).isFalse();
                return Outcome.complete();
            });
            node.manager().start();
            queue.push("x");
            gate.awaitReached();

            database.await(
                    "SELECT clock_timestamp() > '%s' AND %s > clock_timestamp()"
                            .formatted(running.get().leasedUntil(), TestDatabase.leaseEnd(queue.name())),
                    "t");
            assertThat(queueOf(other, queue).pop()).isEmpty();
            gate.open();

            database.await("SELECT count(*) FROM queue_" + queue.name(), 0);
            assertThat(running.get().attempt()).isEqualTo(1);
            assertThat(node.probe().countOf("leaseLost")).isZero();
        }
    }

    @Test
    void pop_byHand_isNeverRenewed(TestDatabase database) {
        try (TestNode node = node(database, Duration.ofSeconds(1))) {
            JobQueue<String> queue = node.queue();
            JobQueue<String> busy = node.queue();
            node.manager().work(busy.name().value(), String.class, (job, context) -> Outcome.complete());
            node.manager().start();
            queue.push("x");
            Job<String> job = queue.pop().orElseThrow();

            database.await("SELECT " + TestDatabase.leaseEnd(queue.name()) + " < clock_timestamp()", "t");

            assertThat(queue.pop()).hasValueSatisfying(again -> {
                assertThat(again.id()).isEqualTo(job.id());
                assertThat(again.attempt()).isEqualTo(2);
            });
        }
    }

    @Test
    void work_frozenPastItsLease_isRefusedWhenItWantsToEnd(TestDatabase database) {
        try (TestNode frozen = node(database, Duration.ofHours(1));
                TestNode other = TestNode.on(database)) {
            JobQueue<String> queue = frozen.queue();
            Gate gate = new Gate();
            AtomicReference<Job<String>> running = new AtomicReference<>();
            frozen.manager().work(queue.name().value(), String.class, (job, context) -> {
                running.set(job);
                gate.pass();
                return Outcome.complete();
            });
            frozen.manager().start();
            queue.push("x");
            gate.awaitReached();

            frozen.endLease(running.get());
            Job<String> taken = queueOf(other, queue).pop().orElseThrow();
            gate.open();

            frozen.probe().await("leaseLost " + queue.name());
            assertThat(taken.attempt()).isEqualTo(2);
            assertThat(frozen.probe().countOf("completed")).isZero();
            queueOf(other, queue).complete(taken);
            assertThat(other.probe().countOf("completed")).isEqualTo(1);
        }
    }

    @Test
    void work_frozenPastItsLease_cannotFailOrBuryTheJobEither(TestDatabase database) {
        try (TestNode frozen = node(database, Duration.ofHours(1), 2);
                TestNode other = TestNode.on(database)) {
            JobQueue<String> queue = frozen.queue();
            Gate failing = new Gate();
            Gate burying = new Gate();
            frozen.manager().work(queue.name().value(), String.class, (job, context) -> {
                if (job.payload().equals("fail")) {
                    failing.pass();
                    throw new IllegalStateException("late");
                }
                burying.pass();
                return Outcome.dead("late");
            });
            frozen.manager().start();
            queue.push("fail");
            queue.push("bury");
            failing.awaitReached();
            burying.awaitReached();

            database.endLeases(queue.name(), Duration.ofSeconds(1));
            assertThat(queueOf(other, queue).pop(2)).hasSize(2);
            failing.open();
            burying.open();

            frozen.probe().await("leaseLost " + queue.name(), 2);
            assertThat(database.text("SELECT string_agg(attempt || ' ' || failures, ',') FROM queue_" + queue.name()))
                    .isEqualTo("2 1,2 1");
        }
    }

    @Test
    void work_leaseTakenOverWhileItRuns_isCancelledAndInterrupted(TestDatabase database) {
        try (TestNode node = node(database, Duration.ofSeconds(2));
                TestNode other = node(database, Duration.ofHours(1))) {
            JobQueue<String> queue = node.queue();
            Gate gate = new Gate();
            CountDownLatch interrupted = new CountDownLatch(1);
            AtomicReference<JobContext> running = new AtomicReference<>();
            node.manager().work(queue.name().value(), String.class, (job, context) -> {
                running.set(context);
                try {
                    gate.pass();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
                return Outcome.complete();
            });
            node.manager().start();
            queue.push("x");
            gate.awaitReached();

            // The owner may renew in between.
            Awaitility.await().until(() -> {
                node.endLease(running.get().job());
                return queueOf(other, queue).pop().isPresent();
            });

            Gate.await(interrupted, "the handler was not interrupted");
            assertThat(running.get().cancelled()).isTrue();
            node.probe().await("leaseLost " + queue.name());
            assertThat(database.text("SELECT attempt || ' ' || failures FROM queue_" + queue.name()))
                    .isEqualTo("2 1");
        }
    }
}
