package io.github.pgqueue.internal;

import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.internal.jdbc.Text;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Removes, again and again, what is over: one thread, one chore after the other; a chore that fails waits for its next turn. */
final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = System.getLogger("io.github.pgqueue");

    private final ScheduledExecutorService executor;

    Housekeeping(Duration interval, List<Runnable> chores, ThreadFactory threads) {
        this.executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = threads.newThread(task);
            thread.setName("pg-queue housekeeping");
            return thread;
        });
        // Never cancelled by itself: each chore catches what it throws.
        Future<?> unused = executor.scheduleWithFixedDelay(
                () -> chores.forEach(Housekeeping::run),
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static void run(Runnable chore) {
        try {
            chore.run();
        } catch (PgQueueException e) {
            LOG.log(Level.DEBUG, "housekeeping waits for its next turn: {0}", e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "housekeeping failed: {0}", Text.printable(e.toString()));
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            executor.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
