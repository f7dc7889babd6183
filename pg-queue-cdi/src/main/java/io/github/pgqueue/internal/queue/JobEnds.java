package io.github.pgqueue.internal.queue;

import io.github.pgqueue.LeaseLostException;
import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.channel.Told;
import io.github.pgqueue.internal.jdbc.Aborted;
import io.github.pgqueue.internal.jdbc.Payloads;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.spi.PgQueueListener;
import io.github.pgqueue.spi.Telemetry.Operation.Settle;
import io.github.pgqueue.spi.Telemetry.Verb;
import io.github.pgqueue.spi.Transactions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a claimed job ends, in a scope that the caller chooses. Each end is fenced: if the attempt no longer holds the
 * job, {@link LeaseLostException} says so and nothing has happened.
 */
final class JobEnds {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.queue");

    private final QueueStore store;
    private final Payloads payloads;
    private final PgQueueListener listener;
    private final TelemetryGuard telemetry;

    JobEnds(QueueStore store, Payloads payloads, PgQueueListener listener, TelemetryGuard telemetry) {
        this.store = store;
        this.payloads = payloads;
        this.listener = listener;
        this.telemetry = telemetry;
    }

    /** What a handler decided; a request is answered by it. */
    void settle(Job<?> job, Outcome outcome, Scope scope) {
        if (outcome instanceof Outcome.Complete complete) {
            complete(job, complete.reply(), scope);
        } else if (outcome instanceof Outcome.Retry retry) {
            retry(job, retry.delay(), retry.cause(), scope);
        } else if (outcome instanceof Outcome.Fail fail) {
            failOrAnswer(job, fail.cause(), scope);
        } else if (outcome instanceof Outcome.Dead dead) {
            bury(job, dead.cause(), scope);
        }
    }

    void complete(Job<?> job, Scope scope) {
        requireHeld(
                job,
                settled(Verb.COMPLETE, job, scope, connection -> store.lane(job).complete(connection, job)));
        Told.tell(() -> listener.completed(job));
    }

    /** Completes the job in the transaction of the scope. Returns whether the attempt held it. */
    boolean joinComplete(Job<?> job, Scope joined) {
        return settled(Verb.COMPLETE, job, joined, connection -> store.lane(job).complete(connection, job));
    }

    /** Locks a job of the row lane in the transaction of the scope. Returns whether the attempt held it. */
    boolean lock(Job<?> job, Scope joined) {
        return joined.run(connection -> store.rows().lock(connection, job));
    }

    /** Takes a job of the plain lane out of its queue, in the transaction of the scope. Returns whether the attempt held it. */
    boolean take(Job<?> job, Scope joined) {
        return joined.run(connection -> store.plain().complete(connection, job));
    }

    /** Ends a job as the handler decided that was taken in the same transaction, in the expectation that it is done. */
    void settleTaken(Claimed<?> claimed, Outcome outcome, Scope joined) {
        Job<?> job = claimed.job();
        if (outcome instanceof Outcome.Complete) {
            telemetry.around(new Settle(job.queue(), Verb.COMPLETE, List.of(job)), activity -> refuseAborted(joined));
            Told.tell(() -> listener.completed(job));
            return;
        }
        joined.run(connection -> {
            store.plain().putBack(connection, claimed.row());
            return true;
        });
        settle(job, outcome, joined);
    }

    /** Ends a job as done that was completed in the same transaction; a request is answered by it. */
    void settleCompleted(Job<?> job, @Nullable Object reply, Scope joined) {
        if (job.requestId() == null) {
            refuseAborted(joined);
        } else {
            Answers.store(job.requestId(), value(reply), joined, store.schema());
        }
    }

    /** A transaction manager may report that such a transaction was committed. */
    private static boolean refuseAborted(Scope joined) {
        return joined.run(connection -> {
            Aborted.refuse(connection);
            return true;
        });
    }

    private void complete(Job<?> job, @Nullable Object reply, Scope scope) {
        if (job.requestId() == null) {
            complete(job, scope);
        } else {
            completeWithAnswer(Verb.COMPLETE, job, value(reply), scope);
        }
    }

    /** An exception is the answer to a request, and the end of it; for any other job the retry policy decides. */
    private void failOrAnswer(Job<?> job, Throwable cause, Scope scope) {
        if (job.requestId() == null) {
            fail(job, cause, scope);
        } else {
            completeWithAnswer(Verb.FAIL, job, Answer.failure(cause), scope);
            Told.tell(() -> listener.failed(job, cause));
        }
    }

    private void completeWithAnswer(Verb verb, Job<?> job, Answer answer, Scope scope) {
        RowLane.Answered answered =
                settled(verb, job, scope, connection -> store.rows().completeWithAnswer(connection, job, answer));
        requireHeld(job, answered.completed());
        String replyTo = answered.replyTo();
        if (replyTo != null) {
            scope.signal(replyTo, "");
        }
        if (answer instanceof Answer.Value) {
            Told.tell(() -> listener.completed(job));
        }
    }

    private Answer value(@Nullable Object reply) {
        return new Answer.Value(reply == null ? "null" : payloads.encode(reply));
    }

    /** Returns when the job is ready again; empty if it has become a dead letter. */
    Optional<Duration> fail(Job<?> job, Throwable cause, Scope scope) {
        Optional<Duration> delay = RetryPolicy.next(store.config(), job.failures() + 1, job.maxAttempts(), cause);
        if (delay.isPresent()) {
            again(job, delay.get(), cause, scope);
        } else {
            bury(job, cause, scope);
        }
        return delay;
    }

    /** Returns when the job is ready again; empty if it has become a dead letter. */
    Optional<Duration> retry(Job<?> job, Duration delay, @Nullable Throwable cause, Scope scope) {
        if (cause != null && job.failures() + 1 >= job.maxAttempts()) {
            bury(job, cause, scope);
            return Optional.empty();
        }
        again(job, delay, cause, scope);
        return Optional.of(delay);
    }

    private void again(Job<?> job, Duration delay, @Nullable Throwable cause, Scope scope) {
        requireHeld(
                job,
                settled(
                        cause == null ? Verb.RETRY : Verb.FAIL,
                        job,
                        scope,
                        connection -> store.lane(job).retry(connection, job, delay, cause)));
        LOG.log(Level.DEBUG, "{0} comes again in {1}", job, delay);
        Told.tell(() -> {
            if (cause == null) {
                listener.retried(job);
            } else {
                listener.failed(job, cause);
            }
        });
    }

    private void bury(Job<?> job, Throwable cause, Scope scope) {
        requireHeld(
                job,
                settled(Verb.DEAD, job, scope, connection -> store.lane(job).bury(connection, job, cause)));
        buried(job, job.failures() + 1, cause, scope);
    }

    /** The job has become a dead letter. Who waits for its answer is told now, not when his patience ends. */
    void buried(Job<?> job, int failures, Throwable cause, Scope scope) {
        LOG.log(
                Level.WARNING,
                "{0} failed for good after {1} failures and is a dead letter now: {2}",
                job,
                failures,
                cause.getClass().getName());
        Told.tell(() -> listener.dead(job, cause));
        if (job.requestId() != null) {
            Answers.store(job.requestId(), Answer.failure(cause), scope, store.schema());
        }
    }

    /** Gives the job back, and wakes whoever may take it. Returns whether the attempt held it. */
    boolean release(Job<?> job, Scope outside) {
        boolean released = settled(
                Verb.RELEASE, job, outside, connection -> store.lane(job).release(connection, job));
        if (released) {
            outside.wake(job.queue());
            Told.tell(() -> listener.released(job));
        }
        return released;
    }

    /** Gives jobs of the plain lane back that were claimed together. */
    void releaseAll(List<Job<?>> jobs, Scope outside) {
        Set<Long> released = new HashSet<>(telemetry.around(
                new Settle(store.queue(), Verb.RELEASE, jobs),
                activity -> outside.run(connection -> store.plain().releaseAll(connection, jobs))));
        if (!released.isEmpty()) {
            outside.wake(store.queue());
        }
        for (Job<?> job : jobs) {
            if (released.contains(job.id())) {
                Told.tell(() -> listener.released(job));
            }
        }
    }

    private <R> R settled(Verb verb, Job<?> job, Scope scope, Transactions.Work<R> work) {
        return telemetry.around(new Settle(job.queue(), verb, List.of(job)), activity -> scope.run(work));
    }

    private static void requireHeld(Job<?> job, boolean held) {
        if (!held) {
            throw new LeaseLostException(job.queue(), job.id(), job.attempt());
        }
    }
}
