package io.github.pgqueue.internal.queue;

import io.github.pgqueue.LeaseLostException;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.channel.Told;
import io.github.pgqueue.internal.jdbc.Text;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobContext;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.spi.PgQueueListener;
import io.github.pgqueue.spi.Telemetry.Activity;
import io.github.pgqueue.spi.Telemetry.Operation.Work;
import io.github.pgqueue.spi.Transactions;
import io.github.pgqueue.spi.Transactions.Completion;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of one job. The thread of the worker calls {@link #run}; another may {@link #cancel} it.
 *
 * <p>What becomes of the job is decided in one of three ways. A transactional worker, or a handler that joined a
 * transaction of its own, has the outcome written in there, and the commit decides. Every other outcome is written after
 * the handler. And whenever it is not certain that a transaction was committed, a fenced failure is written: if it hits
 * no row, the commit has ended the job; if it does, the attempt failed. So the row decides, not the transaction manager.
 */
final class JobRun<T> implements JobContext, Runnable {

    /** Why a run is cancelled. */
    enum Cancellation {
        LEASE_LOST,
        SHUTDOWN
    }

    private static final Logger LOG = System.getLogger("io.github.pgqueue.queue");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** Carries a checked exception of the handler through the transaction. */
    private static final class HandlerFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HandlerFailure(Exception cause) {
            super(cause);
        }
    }

    private final Job<T> job;
    private final JobHandler<T> handler;
    private final boolean transactional;
    private final QueueStore store;
    private final JobEnds ends;
    private final Transactions transactions;
    private final Scope joined;
    private final Scope outside;
    private final PgQueueListener listener;
    private final TelemetryGuard telemetry;
    private final JobThreads jobThreads;
    private final Consumer<JobRun<T>> onEnd;

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread runner;
    private volatile @Nullable Cancellation cancellation;

    private @Nullable Connection connection;
    private boolean began;
    private boolean completedInside;
    private @Nullable Throwable reported;
    private volatile boolean inTransaction;
    private volatile @Nullable Completion completion;

    JobRun(
            Job<T> job,
            JobHandler<T> handler,
            boolean transactional,
            QueueStore store,
            JobEnds ends,
            Transactions transactions,
            Scope joined,
            Scope outside,
            PgQueueListener listener,
            TelemetryGuard telemetry,
            JobThreads jobThreads,
            Consumer<JobRun<T>> onEnd) {
        this.job = job;
        this.handler = handler;
        this.transactional = transactional;
        this.store = store;
        this.ends = ends;
        this.transactions = transactions;
        this.joined = joined;
        this.outside = outside;
        this.listener = listener;
        this.telemetry = telemetry;
        this.jobThreads = jobThreads;
        this.onEnd = onEnd;
    }

    @Override
    public Job<T> job() {
        return job;
    }

    @Override
    public boolean cancelled() {
        return cancellation != null;
    }

    @Override
    public Connection connection() {
        Connection current = connection;
        if (current == null) {
            throw new IllegalStateException("this worker has no transaction of its own; register it with"
                    + " WorkerOptions.transactional(), or use the connection of the handler's own transaction");
        }
        return current;
    }

    /** Whether the job's row is locked by a transaction of its handler, so that its lease cannot and need not be renewed. */
    boolean inTransaction() {
        return inTransaction;
    }

    @Override
    public void join(boolean complete) {
        if (!transactions.active()) {
            throw TransactionStateException.notActive("not there");
        }
        if (!ends.join(job, complete, joined)) {
            throw new LeaseLostException(job.queue(), job.id(), job.attempt());
        }
        completedInside = complete;
        inTransaction = true;
        if (!transactional) {
            transactions.afterCompletion(reported -> completion = reported);
        }
    }

    @Override
    public void settle(Outcome outcome) {
        if (!completedInside) {
            ends.settle(job, outcome, joined);
        } else if (outcome instanceof Outcome.Complete complete) {
            ends.answer(job, complete.reply(), joined);
        } else {
            throw new IllegalStateException(job + " was joined as complete and cannot become anything else");
        }
    }

    @Override
    public void run() {
        jobThreads.seen();
        Activity activity = telemetry.begin(new Work(job));
        try {
            work();
        } catch (Throwable thrown) {
            @Nullable Throwable failure = thrown instanceof HandlerFailure wrapped ? wrapped.getCause() : thrown;
            reported = failure;
            afterFailure(failure);
        } finally {
            activity.end(reported);
            onEnd.accept(this);
        }
    }

    private void work() throws Exception {
        if (transactional) {
            workInTransaction();
            return;
        }
        Outcome outcome = handle();
        if (!inTransaction) {
            persist(() -> ends.settle(job, outcome, outside));
        } else if (completion != Completion.COMMITTED) {
            throw TransactionStateException.notActive("over and was not committed, as far as its manager tells");
        } else if (completedInside) {
            Told.tell(() -> listener.completed(job));
        }
    }

    private Outcome handle() throws Exception {
        becomeInterruptible();
        try {
            Outcome outcome = Objects.requireNonNull(handler.handle(job, this), "the handler returned no outcome");
            reported = causeOf(outcome);
            return outcome;
        } finally {
            lock.lock();
            try {
                runner = null;
                // It was meant for the handler. A pool would refuse a connection to write the outcome with.
                Thread.interrupted();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Why the attempt failed, if the outcome says that it did. */
    private static @Nullable Throwable causeOf(Outcome outcome) {
        if (outcome instanceof Outcome.Fail fail) {
            return fail.cause();
        }
        if (outcome instanceof Outcome.Dead dead) {
            return dead.cause();
        }
        return outcome instanceof Outcome.Retry retry ? retry.cause() : null;
    }

    private void becomeInterruptible() {
        lock.lock();
        try {
            if (cancellation != null) {
                throw new IllegalStateException(job + " was cancelled before it began");
            }
            began = true;
            runner = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the calling thread is inside of the handler. */
    boolean isCaller() {
        lock.lock();
        try {
            return runner == Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    private void workInTransaction() {
        transactions.begin(current -> {
            connection = current;
            join(/* complete= */ false);
            try {
                settle(handle());
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Exception e) {
                throw new HandlerFailure(e);
            } finally {
                connection = null;
            }
            return true;
        });
    }

    private void afterFailure(@Nullable Throwable thrown) {
        Throwable failure = thrown == null ? new IllegalStateException("failed without a cause") : thrown;
        try {
            if (cancellation == Cancellation.SHUTDOWN) {
                if (!ends.release(job, outside)) {
                    leaseLost();
                }
            } else if (cancellation == Cancellation.LEASE_LOST) {
                leaseLost();
            } else {
                LOG.log(Level.DEBUG, "{0} failed: {1}", job, Text.printable(Text.describe(failure)));
                Outcome outcome = outcomeOf(failure);
                persist(() -> ends.settle(job, outcome, outside));
            }
        } catch (LeaseLostException e) {
            endedElsewhere();
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "the end of {0} could not be written, so it is taken over when its lease ends: {1}",
                    job,
                    Text.printable(e.toString()));
        }
    }

    /** A database that was away before the handler began is no failure of the job. */
    private Outcome outcomeOf(Throwable failure) {
        return !began && failure instanceof StorageException storage && storage.transientFailure()
                ? Outcome.retry(store.config().retryDelay())
                : Outcome.fail(failure);
    }

    /** No row was hit: a commit that was not reported, or reported as something else, has ended the job; or it is lost. */
    private void endedElsewhere() {
        if (completedInside && completion == Completion.COMMITTED) {
            Told.tell(() -> listener.completed(job));
        } else {
            leaseLost();
        }
    }

    private void leaseLost() {
        LOG.log(Level.DEBUG, "{0} is no longer held", job);
        Told.tell(() -> listener.leaseLost(job));
    }

    /** Writes an end, again and again while the database does not answer and the lease may still be live. */
    private void persist(Runnable write) {
        long end = System.nanoTime() + store.config().lease().toNanos();
        Duration pause = FIRST_PAUSE;
        boolean mayBeWritten = false;
        while (true) {
            try {
                write.run();
                return;
            } catch (LeaseLostException e) {
                if (mayBeWritten) {
                    return;
                }
                throw e;
            } catch (StorageException e) {
                mayBeWritten |= e.outcomeUnknown();
                if (!e.transientFailure() || System.nanoTime() - end > 0 || cancelled() || !rested(pause)) {
                    throw e;
                }
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private static boolean rested(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Tells the handler to stop, by the flag and by an interrupt. Only the first reason counts. */
    void cancel(Cancellation reason) {
        lock.lock();
        try {
            if (cancellation == null) {
                cancellation = reason;
                if (runner != null) {
                    runner.interrupt();
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
