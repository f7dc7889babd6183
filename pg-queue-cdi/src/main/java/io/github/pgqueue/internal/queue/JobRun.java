package io.github.pgqueue.internal.queue;

import io.github.pgqueue.JobTimeoutException;
import io.github.pgqueue.LeaseLostException;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.channel.Told;
import io.github.pgqueue.internal.jdbc.Aborted;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One run of one job. The thread of the worker calls {@link #run}; another may {@link #cancel} it.
 *
 * <p>What becomes of the job is decided in one of three ways. A transactional worker, or a handler that joined a
 * transaction of its own, has the outcome written in there, and the commit decides. Every other outcome is written after
 * the handler. And whenever it is not certain that a transaction was committed, a fenced failure is written: if it hits
 * no row, the commit has ended the job; if it does, the attempt failed. So the row decides, not the transaction manager.
 *
 * <p>That holds for a commit that is reported and did not happen, too: with one XA resource whose connection broke,
 * Narayana reports COMMITTED although nothing was stored. Such a report is taken as the end of this run, and nothing
 * else is done for it, so that a commit that did happen costs nothing. The row is still there, with its lease; since the
 * run is over nobody renews that, and when it ends the job is taken over, as the lost attempt that it was. No job is
 * lost by it, since only a commit removes the row; and no effect is doubled, since whatever lost the row's end lost the
 * effects of the same transaction.
 */
final class JobRun<T> implements JobContext {

    /** Why a run is cancelled. */
    enum Cancellation {
        LEASE_LOST,
        SHUTDOWN,
        /** The maximum run time is over. */
        TIMED_OUT,
        /** The transaction manager has rolled the handler's transaction back, while the handler still runs. */
        TRANSACTION_ENDED,
        /** The handler's transaction holds a connection, and it waits in vain for another one. */
        STARVED
    }

    /**
     * The worker to which a run belongs.
     *
     * @param <T> the type of the payload
     */
    interface Owner<T> {

        /** The run has got its thread, which is the calling one. */
        void began(JobRun<T> run);

        /** The handler is done and has no transaction: its completion is to be written soon. */
        void completed(JobRun<T> run);

        /**
         * The run is over.
         *
         * @param written whether the job has ended too, or another will end it: not if its completion is still to be written
         * @param again whether the job may come again
         */
        void ended(JobRun<T> run, boolean written, boolean again);

        /** Waits a moment for a signal to stop; whether there is one. */
        boolean stopsSoon();
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

    private final Claimed<T> claimed;
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
    private final Owner<T> owner;

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread runner;
    private long beganAt;
    private volatile @Nullable Cancellation cancellation;

    private @Nullable Connection connection;
    private boolean began;
    private boolean leftInterrupted;
    private boolean completedInside;
    private boolean taken;
    private boolean completedLater;
    private boolean done;
    private @Nullable Throwable reported;
    private volatile boolean inTransaction;
    private volatile @Nullable Completion completion;

    JobRun(
            Claimed<T> claimed,
            JobHandler<T> handler,
            boolean transactional,
            QueueStore store,
            JobEnds ends,
            Transactions transactions,
            Scope joined,
            Scope outside,
            PgQueueListener listener,
            TelemetryGuard telemetry,
            Owner<T> owner) {
        this.claimed = claimed;
        this.job = claimed.job();
        this.handler = handler;
        this.transactional = transactional;
        this.store = store;
        this.ends = ends;
        this.transactions = transactions;
        this.joined = joined;
        this.outside = outside;
        this.listener = listener;
        this.telemetry = telemetry;
        this.owner = owner;
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

    /** Whether the job's row is locked by a transaction of its handler, so that a lease in that row cannot be renewed. */
    boolean inTransaction() {
        return inTransaction;
    }

    /** Whether its time is over: the lease of a handler that does not stop then is not renewed. */
    boolean timedOut() {
        return cancellation == Cancellation.TIMED_OUT;
    }

    @Override
    public void join(boolean complete) {
        if (!transactions.active()) {
            throw TransactionStateException.notActive("not there");
        }
        if (!hold(complete)) {
            throw new LeaseLostException(job.queue(), job.id(), job.attempt());
        }
        completedInside = complete;
        // Of an earlier transaction, where the handler has begun several.
        completion = null;
        inTransaction = true;
        transactions.afterCompletion(this::transactionEnded);
        if (!transactional) {
            transactions.rollbackUnless(() -> !timedOut());
        }
    }

    /** A plain job that is not complete yet is taken as if it were, since most will be: that is one statement, not two. */
    private boolean hold(boolean complete) {
        taken = false;
        if (complete) {
            return ends.joinComplete(job, joined);
        }
        if (job.lease() == null) {
            return ends.lock(job, joined);
        }
        taken = ends.take(job, joined);
        return taken;
    }

    /** On the handler's own thread where the transaction ends as it should; on another one if it has timed out. */
    private void transactionEnded(Completion reported) {
        completion = reported;
        if (reported == Completion.ROLLED_BACK) {
            cancelIf(Cancellation.TRANSACTION_ENDED, runner -> runner != Thread.currentThread());
        }
    }

    @Override
    public void settle(Outcome outcome) {
        requireInTime();
        try {
            settleJoined(outcome);
        } catch (StorageException e) {
            throw Aborted.caused(e) ? TransactionStateException.aborted(e) : e;
        }
    }

    private void settleJoined(Outcome outcome) {
        if (taken) {
            ends.settleTaken(claimed, outcome, joined);
        } else if (!completedInside) {
            ends.settle(job, outcome, joined);
        } else if (outcome instanceof Outcome.Complete complete) {
            ends.settleCompleted(job, complete.reply(), joined);
        } else {
            throw new IllegalStateException(job + " was joined as complete and cannot become anything else");
        }
    }

    /** Runs the job; throws nothing. */
    void run() {
        Activity activity = telemetry.begin(new Work(job));
        try {
            owner.began(this);
            work();
        } catch (Throwable thrown) {
            @Nullable Throwable failure = thrown instanceof HandlerFailure wrapped ? wrapped.getCause() : thrown;
            reported = failure;
            done = false;
            afterFailure(failure);
        } finally {
            activity.end(reported);
            owner.ended(this, !completedLater, !done);
        }
    }

    private void work() throws Exception {
        if (transactional) {
            workInTransaction();
            return;
        }
        Outcome outcome = handle();
        if (!inTransaction && outcome instanceof Outcome.Complete && job.requestId() == null) {
            completedLater = true;
            owner.completed(this);
        } else if (!inTransaction) {
            persist(() -> ends.settle(job, outcome, outside));
        } else if (completion != Completion.COMMITTED) {
            throw TransactionStateException.notActive("over and was not committed, as far as its manager tells");
        } else if (completedInside) {
            Told.tell(() -> listener.completed(job));
        }
    }

    private Outcome handle() throws Exception {
        becomeInterruptible();
        Outcome outcome;
        try {
            outcome = Objects.requireNonNull(handler.handle(job, this), "the handler returned no outcome");
            reported = causeOf(outcome);
            done = outcome instanceof Outcome.Complete;
        } finally {
            lock.lock();
            try {
                runner = null;
                // It was meant for the handler. A pool would refuse a connection to write the outcome with.
                leftInterrupted = Thread.interrupted();
            } finally {
                lock.unlock();
            }
        }
        requireInTime();
        return outcome;
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
            beganAt = System.nanoTime();
            runner = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /** A handler that returns although its time is over has failed all the same. */
    private void requireInTime() {
        if (timedOut()) {
            throw timeout();
        }
    }

    private JobTimeoutException timeout() {
        Duration longest = Objects.requireNonNullElse(store.config().maxRunTime(), Duration.ZERO);
        return new JobTimeoutException(job.queue(), job.id(), job.attempt(), longest);
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
            if (cancellation == null && wasInterrupted(failure) && owner.stopsSoon()) {
                cancel(Cancellation.SHUTDOWN);
            }
            if (cancellation == Cancellation.SHUTDOWN) {
                if (!ends.release(job, outside)) {
                    endedElsewhere();
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
        } catch (RuntimeException | Error e) {
            LOG.log(
                    Level.WARNING,
                    "the end of {0} could not be written, so it is taken over when its lease ends: {1}",
                    job,
                    Text.printable(Text.describe(e)));
        }
    }

    /** Not by us: servers interrupt the threads of an application that they stop. */
    private boolean wasInterrupted(Throwable failure) {
        return leftInterrupted || Interruptions.caused(failure);
    }

    /** A database that was away before the handler began, or a pool that was too small, is no failure of the job. */
    private Outcome outcomeOf(Throwable failure) {
        if (cancellation == Cancellation.TIMED_OUT) {
            return Outcome.fail(because(timeout(), failure));
        }
        if (cancellation == Cancellation.TRANSACTION_ENDED) {
            return Outcome.fail(because(TransactionStateException.endedEarly(), failure));
        }
        boolean awayBefore = !began && failure instanceof StorageException storage && storage.transientFailure();
        return awayBefore || cancellation == Cancellation.STARVED
                ? Outcome.retry(store.config().retryDelay())
                : Outcome.fail(failure);
    }

    private static Throwable because(PgQueueException reason, Throwable thrown) {
        if (thrown instanceof JobTimeoutException) {
            return thrown;
        }
        reason.addSuppressed(thrown);
        return reason;
    }

    /** No row was hit: a commit that was not reported, or reported as something else, has ended the job; or it is lost. */
    private void endedElsewhere() {
        if (completion != Completion.COMMITTED) {
            leaseLost();
        } else if (completedInside) {
            Told.tell(() -> listener.completed(job));
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
                if (!e.transientFailure() || System.nanoTime() - end > 0 || isOver() || !rested(pause)) {
                    throw e;
                }
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    /** Whether nobody waits for the outcome any more. */
    private boolean isOver() {
        return cancellation == Cancellation.SHUTDOWN || cancellation == Cancellation.LEASE_LOST;
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
            }
            if (runner != null) {
                runner.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The same if the handler runs, on a thread of which this holds, and nothing has cancelled it before. */
    private boolean cancelIf(Cancellation reason, Predicate<Thread> condition) {
        lock.lock();
        try {
            boolean runs = runner != null && cancellation == null && condition.test(runner);
            if (runs) {
                cancel(reason);
            }
            return runs;
        } finally {
            lock.unlock();
        }
    }

    /** Writes the failure of a run whose time is over and that does not stop. */
    void giveUp() {
        LOG.log(Level.WARNING, "{0} does not stop: its attempt has failed, and its outcome will be refused", job);
        try {
            ends.settle(job, Outcome.fail(timeout()), outside);
        } catch (LeaseLostException e) {
            endedElsewhere();
        }
    }

    /** Cancels the run if its time is over. */
    void cancelIfOverdue() {
        Duration longest = store.config().maxRunTime();
        if (longest != null
                && cancelIf(Cancellation.TIMED_OUT, thread -> System.nanoTime() - beganAt > longest.toNanos())) {
            LOG.log(Level.WARNING, "{0} has run for longer than {1} and is interrupted", job, longest);
        }
    }

    /** Cancels the run if its handler is inside of a transaction on that thread. */
    boolean cancelIfStarved(Thread waiting) {
        return inTransaction && cancelIf(Cancellation.STARVED, thread -> thread == waiting);
    }
}
