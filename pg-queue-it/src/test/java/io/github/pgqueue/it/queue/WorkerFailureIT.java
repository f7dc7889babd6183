package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushOptions;
import io.github.pgqueue.queue.WorkerOptions;
import io.github.pgqueue.spi.PgQueueListener;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that a handler, a listener or a thread factory does keeps the next job from being worked. */
@PgQueueTest
class WorkerFailureIT {

    /** Has no message to give. */
    private static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message either");
        }
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                        handler("exception", (job, context) -> {
                            throw new IllegalStateException("boom");
                        }),
                        handler("checked exception", (job, context) -> {
                            throw new java.io.IOException("boom");
                        }),
                        handler("error", (job, context) -> {
                            throw new AssertionError("boom");
                        }),
                        handler("linkage error", (job, context) -> {
                            throw new NoClassDefFoundError("gone");
                        }),
                        handler("out of memory", (job, context) -> {
                            throw new OutOfMemoryError("not really");
                        }),
                        handler("stack overflow", (job, context) -> Outcome.complete(endless(1))),
                        handler("interrupted", (job, context) -> {
                            Thread.currentThread().interrupt();
                            throw new InterruptedException("by itself");
                        }),
                        handler("without a message", (job, context) -> {
                            throw new IllegalStateException();
                        }),
                        handler("with a message that cannot be had", (job, context) -> {
                            throw new Mute();
                        }),
                        handler("with a message that cannot be stored", (job, context) -> {
                            throw new IllegalStateException("\0\uD83D" + "x".repeat(1 << 20));
                        }),
                        handler("no outcome", WorkerFailureIT::nothing))
                .flatMap(failure -> Stream.of(WorkerMode.values()).map(mode -> Arguments.of(mode, failure)));
    }

    private static Named<JobHandler<String>> handler(String name, JobHandler<String> handler) {
        return Named.of(name, handler);
    }

    @SuppressWarnings("NullAway") // a handler compiled without null checks may well do this
    private static Outcome nothing(Job<String> job, Object context) {
        return null;
    }

    @SuppressWarnings("InfiniteRecursion") // what it is for
    private static int endless(int depth) {
        return endless(depth + 1) + 1;
    }

    @ParameterizedTest
    @MethodSource("failures")
    void work_handlerFails_failsTheAttemptAndGoesOn(WorkerMode mode, JobHandler<String> failing, TestNode node) {
        JobQueue<String> queue = node.queue();
        WorkerOptions options = mode.options().withConcurrency(1);
        queue.push("bad", PushOptions.none().withMaxAttempts(2));

        node.manager()
                .work(
                        queue.name().value(),
                        String.class,
                        options,
                        (job, context) ->
                                job.payload().equals("bad") ? failing.handle(job, context) : Outcome.complete());
        node.manager().start();
        node.database().await("SELECT count(*) FROM pg_queue_dead_letter WHERE queue = '" + queue.name() + "'", 1);
        queue.push("good");

        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
        assertThat(node.database()
                        .text("SELECT failures || ' ' || attempt FROM pg_queue_dead_letter WHERE queue = '"
                                + queue.name() + "'"))
                .isEqualTo("2 2");
        node.probe().await("completed " + queue.name());
    }

    @ParameterizedTest
    @EnumSource
    void work_handlerLeavesItsThreadInterrupted_doesNotHarmTheNextJob(WorkerMode mode, TestNode node) {
        JobQueue<String> queue = node.queue();
        AtomicInteger interrupted = new AtomicInteger();
        queue.pushAll(List.of("a", "b", "c"));

        node.manager().work(queue.name().value(), String.class, mode.options().withConcurrency(1), (job, context) -> {
            if (Thread.currentThread().isInterrupted()) {
                interrupted.incrementAndGet();
            }
            Thread.currentThread().interrupt();
            return Outcome.complete();
        });
        node.manager().start();

        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
        assertThat(interrupted).hasValue(0);
        assertThat(node.probe().countOf("failed")).isZero();
    }

    @Test
    void work_listenerThrows_goesOn(TestDatabase database) {
        AtomicInteger told = new AtomicInteger();
        PgQueueListener hostile = new PgQueueListener() {
            private void fail() {
                told.incrementAndGet();
                throw new AssertionError("listener");
            }

            @Override
            public void pushed(QueueName queue, int jobs) {
                fail();
            }

            @Override
            public void popped(QueueName queue, Collection<? extends Job<?>> jobs) {
                fail();
            }

            @Override
            public void completed(Job<?> job) {
                fail();
            }

            @Override
            public void failed(Job<?> job, Throwable cause) {
                fail();
            }

            @Override
            public void asleep(QueueName queue) {
                fail();
            }

            @Override
            public void listening() {
                fail();
            }
        };

        try (PgQueueManager manager = PgQueueManager.builder(database.dataSource())
                .config(TestNode.quick())
                .listener(hostile)
                .build()) {
            manager.createQueue("hostile_listener");
            JobQueue<String> queue = manager.queue("hostile_listener", String.class);
            manager.work("hostile_listener", String.class, (job, context) -> {
                if (job.attempt() == 1) {
                    throw new IllegalStateException("once");
                }
                return Outcome.complete();
            });
            manager.start();
            queue.push("x");

            database.await("SELECT count(*) FROM queue_hostile_listener", 0);
        }
        assertThat(told).hasValueGreaterThanOrEqualTo(5);
    }

    @Test
    void work_noThreadForAJob_givesItBackAndTriesAgain(TestDatabase database) {
        AtomicInteger refusals = new AtomicInteger(2);
        String queue = "no_thread";

        try (PgQueueManager manager = PgQueueManager.builder(database.dataSource())
                .config(TestNode.quick())
                .threads(task -> new Thread(task) {
                    @Override
                    public synchronized void start() {
                        if (getName().startsWith("pg-queue " + queue + "-") && refusals.getAndDecrement() > 0) {
                            throw new OutOfMemoryError("unable to create native thread, as the test wants it");
                        }
                        super.start();
                    }
                })
                .build()) {
            manager.createQueue(queue);
            List<String> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
            manager.queue(queue, String.class).pushAll(List.of("a", "b", "c"));
            manager.work(queue, String.class, (job, context) -> {
                if (job.failures() > 0) {
                    failures.add(job.payload());
                }
                return Outcome.complete();
            });
            manager.start();

            database.await("SELECT count(*) FROM queue_" + queue, 0);
            assertThat(failures).isEmpty();
        }
    }
}
