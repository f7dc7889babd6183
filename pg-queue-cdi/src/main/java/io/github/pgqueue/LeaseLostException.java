package io.github.pgqueue;

import java.util.List;

/**
 * A worker tried to complete, fail, retry or release a job that it no longer holds: its lease ended and the job was
 * taken over, or the job is done already. What the worker wanted did not happen; roll back what belongs to it.
 */
public final class LeaseLostException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    private final transient QueueName queue;
    private final List<Long> jobIds;

    /** PGQ1002. For a single job the attempt names who lost it. */
    public LeaseLostException(QueueName queue, long jobId, int attempt) {
        this(
                "job " + jobId + " of queue '" + queue + "' is no longer held by attempt " + attempt,
                queue,
                List.of(jobId));
    }

    /** PGQ1002. For several jobs at once; those not listed were completed. */
    public LeaseLostException(QueueName queue, List<Long> jobIds) {
        this(
                jobIds.size() + " jobs of queue '" + queue + "' are no longer held by their attempts: "
                        + jobIds.stream().limit(20).toList(),
                queue,
                jobIds);
    }

    private LeaseLostException(String what, QueueName queue, List<Long> jobIds) {
        super(
                "PGQ1002",
                what + ": the lease ended and the job was taken over, or it was completed before. Raise"
                        + " pg-queue.queues." + queue + ".lease if jobs run longer than their lease",
                null);
        this.queue = queue;
        this.jobIds = List.copyOf(jobIds);
    }

    /** The queue of the jobs. */
    public QueueName queue() {
        return queue;
    }

    /** The jobs that are no longer held. */
    public List<Long> jobIds() {
        return jobIds;
    }
}
