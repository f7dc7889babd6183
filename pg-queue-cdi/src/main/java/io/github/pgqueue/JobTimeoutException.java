package io.github.pgqueue;

import java.time.Duration;

/**
 * A handler ran longer than the maximum run time of its queue. It was interrupted, its transaction is rolled back where
 * it had one, and the attempt counts as failed, even if the handler returned normally. What the handler threw, if
 * anything, is suppressed in this.
 */
public final class JobTimeoutException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    private final transient QueueName queue;
    private final long jobId;
    private final int attempt;
    private final Duration maxRunTime;

    /** PGQ1008. */
    public JobTimeoutException(QueueName queue, long jobId, int attempt, Duration maxRunTime) {
        super(
                "PGQ1008",
                "attempt " + attempt + " of job " + jobId + " of queue '" + queue + "' ran longer than " + maxRunTime
                        + " and was interrupted; find out what it waits for, or raise pg-queue.queues." + queue
                        + ".max-run-time",
                null);
        this.queue = queue;
        this.jobId = jobId;
        this.attempt = attempt;
        this.maxRunTime = maxRunTime;
    }

    /** The queue of the job. */
    public QueueName queue() {
        return queue;
    }

    /** The job that took too long. */
    public long jobId() {
        return jobId;
    }

    /** The attempt that took too long. */
    public int attempt() {
        return attempt;
    }

    /** How long it may have taken. */
    public Duration maxRunTime() {
        return maxRunTime;
    }
}
