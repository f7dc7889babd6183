package io.github.pgqueue.queue;

import io.github.pgqueue.LeaseLostException;
import java.sql.Connection;

/**
 * The run of one job, as its handler sees it. Given by the library; valid until the handler returns. All methods but
 * {@link #cancelled()} belong to the handler's own thread.
 */
public interface JobContext {

    /** The job that runs. */
    Job<?> job();

    /**
     * Whether to stop: the lease was lost, the maximum run time of the queue is over, the transaction was rolled back
     * by its manager (as a timeout does), or the manager is closing and the drain timeout is over. The thread of the
     * handler is interrupted at that moment too.
     */
    boolean cancelled();

    /**
     * The connection of the transaction in which a transactional worker runs; never to be committed, rolled back or
     * closed by the handler.
     *
     * @throws IllegalStateException if the worker is not {@link WorkerOptions#transactional()}
     */
    Connection connection();

    /**
     * Locks the job in the transaction that is active on this thread, so that its end decides about the job: if it
     * commits, the job has what was settled; if it rolls back, this attempt has failed. The library calls it for
     * transactional workers and for CDI; call it only for a handler that begins a transaction of its own.
     *
     * @param complete whether the commit completes the job; otherwise {@link #settle} must follow
     * @throws LeaseLostException if the job is no longer held; roll the transaction back
     */
    void join(boolean complete);

    /**
     * Writes the outcome in the transaction that was joined; after {@code join(true)} only a reply remains to write.
     *
     * @throws io.github.pgqueue.TransactionStateException PGQ6008 if an SQL error has aborted that transaction; roll it back
     */
    void settle(Outcome outcome);
}
