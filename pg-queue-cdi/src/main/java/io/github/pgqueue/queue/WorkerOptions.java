package io.github.pgqueue.queue;

import io.github.pgqueue.InvalidArgumentException;
import org.jspecify.annotations.Nullable;

/**
 * How a worker runs its handler. Immutable.
 *
 * @param ownTransaction whether the library opens a transaction around the handler
 * @param concurrency how many jobs this node works at once; default that of the queue's configuration
 */
public record WorkerOptions(
        boolean ownTransaction, @Nullable Integer concurrency) {

    /**
     * Checks the range.
     *
     * @throws InvalidArgumentException PGQ1006 if the concurrency is less than 1
     */
    public WorkerOptions {
        if (concurrency != null && concurrency < 1) {
            throw new InvalidArgumentException("PGQ1006", "concurrency is " + concurrency + ", but must be at least 1");
        }
    }

    /**
     * No transaction around the handler: the job is leased, the lease is renewed while the handler runs, and the outcome
     * is written afterwards. For long jobs, and for effects outside of this database.
     */
    public static WorkerOptions leased() {
        return new WorkerOptions(false, null);
    }

    /**
     * One transaction around the handler, in which the job is locked and completed first: what the handler writes to this
     * database, what it pushes and publishes, and the end of the job are committed together, once. For short jobs.
     */
    public static WorkerOptions transactional() {
        return new WorkerOptions(true, null);
    }

    public WorkerOptions withConcurrency(int value) {
        return new WorkerOptions(ownTransaction, value);
    }
}
