package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.ManagerClosedException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Goes on with a start that must wait for a name of the application, on a thread of its own, until it succeeds or the
 * application ends: Payara binds such names only after {@code Startup}. An interrupt ends it like {@link #close()}.
 */
final class LateStart implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.github.pgqueue.cdi");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Runnable start;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private final long began = System.nanoTime();
    private String warned = "";

    /** Begins. */
    LateStart(Runnable start, ConfigurationException reason, ThreadFactory threads) {
        this.start = start;
        this.thread = threads.newThread(this::run);
        thread.setName("pg-queue start");
        LOG.log(Level.INFO, "the start goes on in the background: {0}", reason.getMessage());
        thread.start();
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                if (started()) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean started() {
        try {
            start.run();
            LOG.log(Level.INFO, "the start in the background is done");
            return true;
        } catch (ManagerClosedException e) {
            return true;
        } catch (RuntimeException | Error e) {
            boolean notBound = e instanceof ConfigurationException known && DeploymentErrors.isNotBoundYet(known);
            boolean patient = notBound && System.nanoTime() - began < PATIENCE.toNanos();
            if (!patient) {
                warn(String.valueOf(e.getMessage()));
            }
            return false;
        }
    }

    /** Each reason once. */
    private void warn(String reason) {
        if (!warned.equals(reason)) {
            warned = reason;
            LOG.log(Level.WARNING, "the application could not be started yet, trying again: {0}", reason);
        }
    }

    /** Daemon threads, for where no factory can be had yet; they see the same class loader. */
    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        closed.countDown();
        if (thread != Thread.currentThread()) {
            try {
                thread.join(LAST_WORDS.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
