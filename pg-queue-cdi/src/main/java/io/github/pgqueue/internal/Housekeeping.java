package io.github.pgqueue.internal;

import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.internal.jdbc.Text;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Removes, again and again, what is over: one thread, one chore after the other; a chore that fails waits for its next
 * turn. A chore may also be asked for in between. An interrupt, as a server may send before it stops an application, ends
 * it like {@link #close()}.
 */
final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = System.getLogger("io.github.pgqueue");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Duration interval;
    private final List<Runnable> chores;
    private final BlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    Housekeeping(Duration interval, List<Runnable> chores, ThreadFactory threads) {
        this.interval = interval;
        this.chores = List.copyOf(chores);
        this.thread = threads.newThread(this::run);
        thread.setName("pg-queue housekeeping");
        thread.start();
    }

    /** Does one chore as soon as the thread is free; never if this is closed. */
    void soon(Runnable chore) {
        asked.add(chore);
    }

    private void run() {
        long pause = TimeUnit.MILLISECONDS.toNanos(interval.toMillis());
        long turn = System.nanoTime() + pause;
        try {
            while (!closed) {
                long rest = turn - System.nanoTime();
                Runnable chore = rest > 0 ? asked.poll(rest, TimeUnit.NANOSECONDS) : null;
                if (chore != null) {
                    run(chore);
                } else {
                    chores.forEach(this::run);
                    turn = System.nanoTime() + pause;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Runnable chore) {
        if (closed || Thread.currentThread().isInterrupted()) {
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
        closed = true;
        asked.add(() -> {});
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
