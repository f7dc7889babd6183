package io.github.pgqueue.internal;

import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.internal.jdbc.Text;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Removes, again and again, what is over: one thread, one chore after the other; a chore that fails waits for its next
 * turn. An interrupt, as a server may send before it stops an application, ends it like {@link #close()}.
 */
final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = System.getLogger("io.github.pgqueue");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Duration interval;
    private final List<Runnable> chores;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    Housekeeping(Duration interval, List<Runnable> chores, ThreadFactory threads) {
        this.interval = interval;
        this.chores = List.copyOf(chores);
        this.thread = threads.newThread(this::run);
        thread.setName("pg-queue housekeeping");
        thread.start();
    }

    private void run() {
        try {
            while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                chores.forEach(this::run);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Runnable chore) {
        if (closed.getCount() == 0 || Thread.currentThread().isInterrupted()) {
            return;
        }
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
        closed.countDown();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
