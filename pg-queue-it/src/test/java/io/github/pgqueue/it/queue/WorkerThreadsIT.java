package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.Probe;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.ThreadKind;
import io.github.pgqueue.queue.WorkerOptions;
import io.github.pgqueue.queue.WorkerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Threads that belong to somebody else: refused, not daemons, and interrupted before anybody says that it is over. */
@PgQueueTest
class WorkerThreadsIT {

    private final Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
    private final Probe probe = new Probe();

    private PgQueueManager manager(TestDatabase database, UnaryOperator<PgQueueManager.Builder> threads) {
        return threads.apply(PgQueueManager.builder(database.dataSource())
                        .config(TestNode.quick()
                                .withHousekeepingInterval(Duration.ofMillis(100))
                                .withQueueDefaults(queue -> queue.withLease(Duration.ofSeconds(2))))
                        .listener(probe))
                .build();
    }

    private List<Thread> threads(String beginning) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread))
                .filter(thread -> thread.getName().startsWith(beginning))
                .toList();
    }

    private static String state(TestDatabase database, String queue) {
        return database.text("SELECT string_agg(concat_ws(' ', payload #>> '{}', attempt, failures, leased_until IS"
                + " NULL), ',' ORDER BY id) FROM queue_" + queue);
    }

    @Test
    void work_factoryMakesNoThreadForAJob_givesItBackAndTriesAgain(TestDatabase database) {
        AtomicInteger made = new AtomicInteger();
        ThreadFactory threads = new ThreadFactory() {
            @Override
            @SuppressWarnings("NullAway") // as a managed thread factory may
            public Thread newThread(Runnable task) {
                // The claiming thread comes before those of jobs; the first two of these are refused.
                boolean ofJob = Thread.currentThread().getName().equals("pg-queue null_thread");
                return ofJob && made.incrementAndGet() <= 2 ? null : new Thread(task);
            }
        };
        try (PgQueueManager manager = manager(database, builder -> builder.threads(threads))) {
            manager.createQueue("null_thread");
            List<Integer> failures = new CopyOnWriteArrayList<>();
            manager.work("null_thread", String.class, (job, context) -> {
                failures.add(job.failures());
                return Outcome.complete();
            });
            manager.queue("null_thread", String.class).push("x");

            manager.start();

            database.await("SELECT count(*) FROM queue_null_thread", 0);
            assertThat(made).hasValueGreaterThan(2);
            assertThat(failures).containsExactly(0);
        }
    }

    @Test
    void close_threadsThatAreNoDaemons_endsThem(TestDatabase database) {
        try (PgQueueManager manager = manager(database, builder -> builder.threads(Thread::new))) {
            manager.createQueue("no_daemon");
            manager.work("no_daemon", String.class, (job, context) -> Outcome.complete());
            manager.subscribe("no_daemon", String.class, payload -> {});
            manager.start();
            manager.queue("no_daemon", String.class).push("x");
            probe.await("completed no_daemon");
            assertThat(threads("pg-queue")).isNotEmpty().noneMatch(Thread::isDaemon);
        }

        assertThat(threads("pg-queue")).isEmpty();
    }

    @Test
    void executor_runsTheJobsUnderTheirName(TestDatabase database) {
        ExecutorService own = Executors.newCachedThreadPool(task -> new Thread(task, "own"));
        List<String> names = new CopyOnWriteArrayList<>();
        List<String> ran = new CopyOnWriteArrayList<>();
        Executor executor = task -> {
            names.add(task.toString());
            own.execute(task);
        };
        try (PgQueueManager manager = manager(database, builder -> builder.executor(executor))) {
            manager.createQueue("on_executor");
            manager.work("on_executor", String.class, (job, context) -> {
                ran.add(Thread.currentThread().getName());
                return Outcome.complete();
            });
            manager.start();
            manager.queue("on_executor", String.class).push("x");

            probe.await("completed on_executor");

            assertThat(names).containsExactly("pg-queue on_executor");
            assertThat(ran).containsExactly("own");
        }
        assertThat(own.isShutdown()).isFalse();
        own.shutdown();
    }

    @Test
    void executor_thatRejects_getsTheJobsAgainUncounted(TestDatabase database) {
        ExecutorService own = Executors.newCachedThreadPool();
        AtomicInteger rejections = new AtomicInteger(2);
        Executor executor = task -> {
            if (rejections.getAndDecrement() > 0) {
                throw new RejectedExecutionException("too much to do, as the test wants it");
            }
            own.execute(task);
        };
        try (PgQueueManager manager = manager(database, builder -> builder.executor(executor))) {
            manager.createQueue("rejected");
            List<Integer> failures = new CopyOnWriteArrayList<>();
            manager.work("rejected", String.class, (job, context) -> {
                failures.add(job.failures());
                return Outcome.complete();
            });
            manager.queue("rejected", String.class).pushAll(List.of("a", "b", "c"));

            manager.start();

            database.await("SELECT count(*) FROM queue_rejected", 0);
            assertThat(failures).containsExactly(0, 0, 0);
            assertThat(probe.countOf("released")).isPositive();
        }
        own.shutdown();
    }

    @Test
    void executor_thatNeverRunsAJob_closeGivesItBack(TestDatabase database) {
        List<Runnable> kept = new CopyOnWriteArrayList<>();
        try (PgQueueManager manager = PgQueueManager.builder(database.dataSource())
                .config(TestNode.quick().withDrainTimeout(Duration.ofMillis(100)))
                .executor(kept::add)
                .listener(probe)
                .build()) {
            manager.createQueue("kept");
            manager.work("kept", String.class, (job, context) -> Outcome.complete());
            manager.start();
            manager.queue("kept", String.class).push("x");
            Awaitility.await().until(() -> kept.size() == 1);
        }
        assertThat(state(database, "kept")).isEqualTo("x 1 0 t");

        kept.forEach(Runnable::run);

        assertThat(state(database, "kept")).isEqualTo("x 1 0 t");
        assertThat(probe.countOf("completed")).isZero();
    }

    @Test
    void workers_showWhatRunsAndOnWhatThreads(TestDatabase database) {
        try (Logged logged = Logged.by("io.github.pgqueue.queue");
                PgQueueManager manager = manager(database, builder -> builder)) {
            manager.createQueue("shown");
            Gate gate = new Gate();
            manager.work("shown", String.class, WorkerOptions.leased().withConcurrency(3), (job, context) -> {
                gate.pass();
                return Outcome.complete();
            });
            assertThat(manager.workers()).isEmpty();
            manager.start();
            QueueName queue = new QueueName("shown");
            assertThat(manager.workers()).containsExactly(new WorkerStatus(queue, 3, 0, ThreadKind.UNKNOWN));

            manager.queue("shown", String.class).push("x");
            gate.awaitReached();

            assertThat(manager.workers()).containsExactly(new WorkerStatus(queue, 3, 1, ThreadKind.PLATFORM));
            assertThat(logged.messages()).contains("the jobs of queue shown run on platform threads");
            gate.open();
        }
    }

    @Test
    void interruptOfTheLoop_stopsClaimingAndLetsTheRunningJobEnd(TestDatabase database) {
        try (PgQueueManager manager = manager(database, builder -> builder)) {
            manager.createQueue("loop_stopped");
            Gate gate = new Gate();
            manager.work("loop_stopped", String.class, (job, context) -> {
                gate.pass();
                return Outcome.complete();
            });
            manager.start();
            JobQueue<String> queue = manager.queue("loop_stopped", String.class);
            queue.push("running");
            gate.awaitReached();
            String leaseEnd = TestDatabase.leaseEnd(queue.name());
            String lease = database.text("SELECT " + leaseEnd);

            threads("pg-queue loop_stopped").stream()
                    .filter(thread -> thread.getName().equals("pg-queue loop_stopped"))
                    .forEach(Thread::interrupt);

            // Renewed at least once after what it had before the interrupt.
            database.await("SELECT clock_timestamp() > '" + lease + "' AND " + leaseEnd + " > clock_timestamp()", "t");
            queue.push("too late");
            gate.open();
            probe.await("completed loop_stopped");
            Awaitility.await()
                    .until(() -> threads("pg-queue loop_stopped").stream()
                            .noneMatch(thread -> thread.getName().equals("pg-queue loop_stopped")));
            assertThat(state(database, "loop_stopped")).isEqualTo("too late 0 0 t");
        }
        assertThat(threads("pg-queue")).isEmpty();
    }

    /** As Open Liberty does before it tells anybody that the application stops. */
    @Test
    void interruptOfEveryThread_givesJobsBackUncounted_andCloseStillWorks(TestDatabase database) {
        try (PgQueueManager manager = manager(database, builder -> builder)) {
            manager.createQueue("all_stopped");
            Gate gate = new Gate();
            manager.work("all_stopped", String.class, (job, context) -> {
                gate.pass();
                return Outcome.complete();
            });
            manager.subscribe("all_stopped", String.class, payload -> {});
            manager.start();
            manager.queue("all_stopped", String.class).push("x");
            gate.awaitReached();

            List<Thread> stopped = threads("pg-queue");
            // The job's threads first: they must wait for the loop to be told, too.
            stopped.stream().filter(WorkerThreadsIT::isOfJob).forEach(Thread::interrupt);
            stopped.stream().filter(thread -> !isOfJob(thread)).forEach(Thread::interrupt);

            probe.await("released all_stopped");
            assertThat(state(database, "all_stopped")).isEqualTo("x 1 0 t");
            assertThat(probe.countOf("failed")).isZero();
        }
        assertThat(threads("pg-queue")).isEmpty();
    }

    @Test
    void interruptOfTheOutbox_whatComesAfterItIsSentByClose(TestDatabase database) {
        try (TestNode sleeping = TestNode.on(
                database,
                config -> config.withQueueDefaults(
                        queue -> queue.withPollInterval(Duration.ofMinutes(10)).withLease(Duration.ofMinutes(10))))) {
            String name = sleeping.queueName();
            try (PgQueueManager manager = PgQueueManager.builder(database.dataSource())
                    .config(TestNode.quick())
                    .build()) {
                JobQueue<String> queue = manager.queue(name, String.class);
                queue.pushAll(List.of("first", "second"));
                List<Job<String>> jobs = queue.pop(2);
                sleeping.manager().work(name, String.class, (job, context) -> Outcome.complete());
                sleeping.manager().start();
                sleeping.probe().await("listening");
                sleeping.probe().await("asleep " + name);
                queue.release(jobs.get(0));
                sleeping.probe().await("completed " + name);
                sleeping.probe().await("asleep " + name, 2);

                threads("pg-queue outbox").forEach(Thread::interrupt);
                Awaitility.await().until(() -> threads("pg-queue outbox").isEmpty());
                queue.release(jobs.get(1));
            }

            sleeping.probe().await("completed " + name, 2);
        }
    }

    private static boolean isOfJob(Thread thread) {
        return thread.getName().startsWith("pg-queue all_stopped-");
    }
}
