package io.github.pgqueue.shop.story;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.QueueStats;
import io.github.pgqueue.shop.runtime.ShopException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The jobs of some queues that are still to be done. Safe for use by many threads. */
final class Backlog {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 100;

    private final List<JobQueue<Object>> queues;

    Backlog(PgQueueManager manager, String... names) {
        this.queues =
                Stream.of(names).map(name -> manager.queue(name, Object.class)).toList();
    }

    /** Such as {@code 12 receipts, 30 invoices}. */
    String describe() {
        return queues.stream()
                .map(queue -> Text.of("%,d %s", queue.pendingCount(), queue.name()))
                .collect(Collectors.joining(", "));
    }

    /** Returns when fewer jobs wait than this. */
    void awaitBelow(long limit) {
        await(limit, () -> queues.stream().mapToLong(JobQueue::pendingCount).sum());
    }

    /** Returns when there is no job any more, neither waiting nor running. */
    void awaitDrained() {
        await(
                1,
                () -> queues.stream()
                        .map(JobQueue::stats)
                        .mapToLong(Backlog::toDo)
                        .sum());
    }

    /** How many jobs have failed for good. */
    long dead() {
        return queues.stream().map(JobQueue::stats).mapToLong(QueueStats::dead).sum();
    }

    private static long toDo(QueueStats stats) {
        return stats.ready() + stats.scheduled() + stats.running();
    }

    /** Waits as long as the count goes on changing. */
    private void await(long limit, LongSupplier count) {
        long last = -1;
        long lastChange = System.nanoTime();
        for (long now = count.getAsLong(); now >= limit; now = count.getAsLong()) {
            if (now != last) {
                last = now;
                lastChange = System.nanoTime();
            } else if (System.nanoTime() - lastChange > PATIENCE.toNanos()) {
                throw new ShopException(
                        Text.of(
                                "The workers have stopped: for %d s there have been %s waiting, and nothing moved.",
                                PATIENCE.toSeconds(), describe()),
                        null);
            }
            Pause.millis(PAUSE_MILLIS);
        }
    }
}
