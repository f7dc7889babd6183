package io.github.pgqueue.internal.queue;

import io.github.pgqueue.internal.jdbc.Text;
import io.github.pgqueue.internal.jdbc.WatchedTransactions;
import io.github.pgqueue.internal.jdbc.WatchedTransactions.Wait;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Looks after the workers of a node from outside, on a thread of its own that never asks for a connection: those who do
 * may wait for one. It interrupts handlers that run too long, and notices a pool that is smaller than what the workers
 * need.
 *
 * <p>A job in a transaction holds a connection. To claim, to renew leases and to send signals takes another one, and so
 * does whatever a handler asks outside of its transaction. No portable API tells the size of a pool, and to open
 * connections until there are no more would be a fault of its own; so the pool is judged by what happens: somebody waits
 * outside of transactions, or is refused, while jobs of this node hold connections. That is reported, once a minute. Where
 * a handler waits for a second connection while its transaction holds the first, several of them may wait for each other
 * for ever: then one of them is interrupted at a time, its job comes again later, uncounted, and its worker runs half as
 * many at once for the next minute.
 */
final class Watch implements AutoCloseable {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.queue");
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration SHORTEST_TICK = Duration.ofMillis(5);
    private static final Duration LONG_WAIT = Duration.ofSeconds(1);
    private static final Duration DEADLOCK = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final WatchedTransactions connections;
    private final Supplier<List<WorkerLoop<?>>> loops;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong reportedAt = new AtomicLong(System.nanoTime() - SILENCE.toNanos());
    private final Thread thread;

    Watch(WatchedTransactions connections, Supplier<List<WorkerLoop<?>>> loops, ThreadFactory threads) {
        this.connections = connections;
        this.loops = loops;
        this.thread = threads.newThread(this::run);
        thread.setName("pg-queue watch");
    }

    void start() {
        connections.onFailure(this::reportIfJobsHoldConnections);
        thread.start();
    }

    private void run() {
        try {
            while (!closed.await(tick().toNanos(), TimeUnit.NANOSECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A quarter of the shortest time that a job may run. */
    private Duration tick() {
        Duration shortest = loops.get().stream()
                .map(WorkerLoop::maxRunTime)
                .filter(limit -> limit != null && limit.dividedBy(4).compareTo(TICK) < 0)
                .min(Duration::compareTo)
                .map(limit -> limit.dividedBy(4))
                .orElse(TICK);
        return shortest.compareTo(SHORTEST_TICK) < 0 ? SHORTEST_TICK : shortest;
    }

    private void look() {
        try {
            runs(loops.get()).forEach(JobRun::cancelIfOverdue);
            connections.waitsOf(LONG_WAIT).stream().findFirst().ifPresent(wait -> {
                reportIfJobsHoldConnections(wait.soFar());
                breakDeadlock();
            });
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "workers could not be looked after: {0}", Text.printable(Text.describe(e)));
        }
    }

    private static List<JobRun<?>> runs(Collection<WorkerLoop<?>> loops) {
        return loops.stream()
                .<JobRun<?>>flatMap(loop -> loop.running().stream())
                .toList();
    }

    private void breakDeadlock() {
        for (Wait wait : connections.waitsOf(DEADLOCK)) {
            for (WorkerLoop<?> loop : loops.get()) {
                if (interruptStarved(loop, wait)) {
                    return;
                }
            }
        }
    }

    private static boolean interruptStarved(WorkerLoop<?> loop, Wait wait) {
        for (JobRun<?> run : loop.running()) {
            if (run.cancelIfStarved(wait.thread())) {
                loop.workFewer();
                LOG.log(
                        Level.WARNING,
                        "{0} holds a connection and has waited for another one for {1}: it is interrupted and comes again"
                                + " later, and fewer jobs run at once for a minute",
                        run.job(),
                        DEADLOCK);
                return true;
            }
        }
        return false;
    }

    private void reportIfJobsHoldConnections(Duration waited) {
        List<WorkerLoop<?>> all = loops.get();
        long holding = runs(all).stream().filter(JobRun::inTransaction).count();
        long last = reportedAt.get();
        long now = System.nanoTime();
        if (holding > 0 && now - last >= SILENCE.toNanos() && reportedAt.compareAndSet(last, now)) {
            LOG.log(Level.WARNING, tooSmall(all, holding, waited));
        }
    }

    private static String tooSmall(List<WorkerLoop<?>> loops, long holding, Duration waited) {
        String workers = loops.stream()
                .map(loop -> "'" + loop.status().queue() + "' with concurrency "
                        + loop.status().concurrency())
                .collect(Collectors.joining(", "));
        int needed =
                2 + loops.stream().mapToInt(loop -> loop.status().concurrency()).sum();
        return "PGQ6006: no connection was to be had for " + waited.toMillis() + " ms while " + holding
                + " of this node's jobs held one each in their transactions, so the pool of the data source is probably too"
                + " small for the workers of queues " + workers + ". Give it at least " + needed
                + " connections (the sum of the concurrencies + 2), or lower pg-queue.queues.<name>.concurrency";
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(TICK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
