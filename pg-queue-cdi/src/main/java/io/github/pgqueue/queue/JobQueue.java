package io.github.pgqueue.queue;

import io.github.pgqueue.LeaseLostException;
import io.github.pgqueue.PayloadException;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.QueueNotFoundException;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.TransactionStateException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A named queue of jobs that carry a payload of type {@code T}.
 *
 * <p>Obtained by injection with {@code @PgQueue} or from a {@link io.github.pgqueue.PgQueueManager}. Safe for use by
 * many threads.
 *
 * <p>{@code push}, {@code complete}, {@code fail} and {@code retry} join the transaction of the calling thread and take
 * effect when it commits; {@code pop} and {@code release} never do. A job is started at least once: a worker that
 * outlives its lease may see its job worked again, and its own {@code complete} then fails with
 * {@link LeaseLostException}. A lease that has ended but that nobody took over still counts as held.
 *
 * <p>Every method may throw {@link StorageException}, {@link QueueNotFoundException} and, where it joins,
 * {@link TransactionStateException}.
 *
 * @param <T> the type of the payload
 */
public interface JobQueue<T> {

    /** The name of the queue. */
    QueueName name();

    /**
     * Stores a job that is ready as soon as the transaction commits.
     *
     * @throws PayloadException if the payload cannot be stored; the transaction goes on
     */
    default PushResult push(T payload) {
        return push(payload, PushOptions.none());
    }

    /** Stores a job. */
    PushResult push(T payload, PushOptions options);

    /** Stores a job for each payload, in one statement; all or none. */
    default List<PushResult> pushAll(Collection<? extends T> payloads) {
        return pushAll(payloads, PushOptions.none());
    }

    /** The same with options that hold for each of the jobs. */
    List<PushResult> pushAll(Collection<? extends T> payloads, PushOptions options);

    /**
     * Stores a job for each payload of a stream, whose end need not be near: they are sent by COPY, and no more than a few
     * megabytes of them are held at a time. All or none.
     *
     * <p>Without a transaction of the caller they become one of their own, which is committed when the stream has ended. Within
     * one, what fails in the middle, be it the stream itself, is undone by a savepoint, and the transaction goes on. The
     * stream may read from the same transaction; it is read by this thread, and not closed.
     *
     * @return how many there were
     * @throws PayloadException if a payload cannot be stored; none is, and the transaction goes on
     */
    default long pushStream(Stream<? extends T> payloads) {
        return pushStream(payloads, PushOptions.none());
    }

    /** The same with options that hold for each of the jobs; a delay counts from when the first of them is stored. */
    long pushStream(Stream<? extends T> payloads, PushOptions options);

    /**
     * Claims the job that has been ready for longest, or one whose lease has ended, and leases it to the caller for the
     * configured time. The caller completes, fails, retries or releases it; the library does not renew the lease. A
     * job whose payload cannot be read as {@code T} goes the way of a failed attempt, and the next one is tried.
     */
    default Optional<Job<T>> pop() {
        return pop(1).stream().findFirst();
    }

    /** Claims up to so many jobs; fewer if fewer are ready. Calls that come at the same time share statements. */
    List<Job<T>> pop(int limit);

    /**
     * Ends the job: it is done and gone.
     *
     * @throws LeaseLostException if the caller no longer holds it
     */
    void complete(Job<T> job);

    /**
     * Ends many jobs in one statement.
     *
     * @throws LeaseLostException naming those the caller no longer holds; the others are complete
     */
    void completeAll(Collection<Job<T>> jobs);

    /**
     * Ends this attempt as failed. The job is ready again after a delay that doubles with each failure, or becomes a
     * dead letter if its budget is spent or the cause is a {@link io.github.pgqueue.NonRetryableException}.
     *
     * @throws LeaseLostException if the caller no longer holds it
     */
    void fail(Job<T> job, Throwable cause);

    /**
     * Ends this attempt; the job is ready again after the delay. Not counted as a failure.
     *
     * @throws LeaseLostException if the caller no longer holds it
     */
    default void retry(Job<T> job, Duration delay) {
        retry(job, delay, null);
    }

    /** The same, counted as a failure if a cause is given, and then limited by the job's budget. */
    void retry(Job<T> job, Duration delay, @Nullable Throwable cause);

    /**
     * Gives the job back as if it had not been claimed: payload, failures and place in the queue are untouched. Does
     * nothing if the caller no longer holds it.
     */
    void release(Job<T> job);

    /** How many jobs wait to be claimed, now or later. */
    long pendingCount();

    /** Counts by state. Reads the whole queue: for dashboards, not for hot paths. */
    QueueStats stats();
}
