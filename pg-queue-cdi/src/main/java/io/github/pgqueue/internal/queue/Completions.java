package io.github.pgqueue.internal.queue;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.channel.Told;
import io.github.pgqueue.internal.jdbc.Text;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.spi.PgQueueListener;
import io.github.pgqueue.spi.Telemetry.Operation.Settle;
import io.github.pgqueue.spi.Telemetry.Verb;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the completions of jobs whose handlers have no transaction, on a thread of its own: all that came while the last
 * statement was under way go with the next one, so that many share a commit; at most half of the time goes into writing, so
 * that more do, and a job that comes alone still never waits. Who has too many waiting waits too. Thread-safe.
 *
 * <p>A job whose completion is not written yet has run, and its lease is renewed; should the process die now, it runs
 * again, as any job whose handler has effects outside of its transaction may.
 */
final class Completions<T> {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.queue");
    private static final int LARGEST = 2000;
    private static final int ENOUGH = LARGEST / 4;
    private static final Duration LONGEST_GATHERING = Duration.ofMillis(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final QueueStore store;
    private final Scope outside;
    private final Leases leases;
    private final PgQueueListener listener;
    private final TelemetryGuard telemetry;
    private final ThreadFactory threads;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private List<Job<T>> waiting = new ArrayList<>();
    private int beingWritten;
    private boolean closed;
    private @Nullable Thread writer;

    Completions(
            QueueStore store,
            Scope outside,
            Leases leases,
            PgQueueListener listener,
            TelemetryGuard telemetry,
            ThreadFactory threads) {
        this.store = store;
        this.outside = outside;
        this.leases = leases;
        this.listener = listener;
        this.telemetry = telemetry;
        this.threads = threads;
    }

    /** Has a job completed soon; waits while there are too many. */
    void add(Job<T> job) {
        lock.lock();
        try {
            while (waiting.size() >= LARGEST && writer != null) {
                changed.awaitUninterruptibly();
            }
            waiting.add(job);
            if (writer == null) {
                writer = threads.newThread(this::run);
                writer.setName("pg-queue " + store.queue() + " completions");
                writer.start();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything is written, at most until the moment given, as {@link System#nanoTime()} tells. */
    void awaitWritten(long deadline) throws InterruptedException {
        lock.lock();
        try {
            long left = deadline - System.nanoTime();
            while ((beingWritten > 0 || !waiting.isEmpty()) && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The thread ends when it has written what it has. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end of the thread, at most until the moment given. */
    void awaitThread(long deadline) throws InterruptedException {
        Thread thread = writer;
        if (thread != null) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        }
    }

    private void run() {
        for (List<Job<T>> batch = take(); !batch.isEmpty(); batch = take()) {
            long began = System.nanoTime();
            write(batch);
            gather(System.nanoTime() - began);
        }
    }

    /**
     * Others come while jobs run one after the other: as long as the last statement took, they are waited for. Not if many
     * came during that: soon their threads would have to wait.
     */
    private void gather(long nanos) {
        if (waiting() < ENOUGH) {
            LockSupport.parkNanos(Math.min(nanos, LONGEST_GATHERING.toNanos()));
        }
    }

    private int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** What waits, as soon as something does; nothing if there will be nothing more. */
    private List<Job<T>> take() {
        lock.lock();
        try {
            beingWritten = 0;
            changed.signalAll();
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            List<Job<T>> taken = waiting;
            waiting = new ArrayList<>();
            beingWritten = taken.size();
            changed.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Job<T>> jobs) {
        long end = System.nanoTime() + store.config().lease().toNanos();
        Duration pause = FIRST_PAUSE;
        boolean mayBeWritten = false;
        while (true) {
            try {
                written(jobs, complete(jobs), mayBeWritten);
                return;
            } catch (StorageException e) {
                mayBeWritten |= e.outcomeUnknown();
                if (!e.transientFailure() || System.nanoTime() - end > 0 || !rested(pause)) {
                    given(jobs, e);
                    return;
                }
            } catch (RuntimeException | Error e) {
                given(jobs, e);
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private Set<Long> complete(List<Job<T>> jobs) {
        return new HashSet<>(telemetry.around(
                new Settle(store.queue(), Verb.COMPLETE, List.copyOf(jobs)),
                activity -> outside.run(connection -> store.completeAll(connection, jobs))));
    }

    private void written(List<Job<T>> jobs, Set<Long> completed, boolean mayBeWritten) {
        for (Job<T> job : jobs) {
            boolean gone = completed.contains(job.id());
            if (gone) {
                leases.completed(job);
            } else {
                leases.ended(job);
            }
            if (gone || mayBeWritten) {
                Told.tell(() -> listener.completed(job));
            } else {
                LOG.log(Level.DEBUG, "{0} is no longer held", job);
                Told.tell(() -> listener.leaseLost(job));
            }
        }
    }

    private void given(List<Job<T>> jobs, Throwable failure) {
        LOG.log(
                Level.WARNING,
                "the ends of {0} jobs of queue {1} could not be written, so they are taken over when their lease ends: {2}",
                jobs.size(),
                store.queue(),
                Text.printable(Text.describe(failure)));
        jobs.forEach(leases::ended);
    }

    /** A closed worker does not wait for a database that is away. */
    private boolean rested(Duration pause) {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }
}
