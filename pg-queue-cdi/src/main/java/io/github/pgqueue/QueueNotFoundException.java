package io.github.pgqueue;

import org.jspecify.annotations.Nullable;

/**
 * The queue does not exist in the manager's schema.
 *
 * <p>A queue that was never created is found out before the caller's transaction is touched. One that the manager has
 * used and that somebody else dropped meanwhile is found out by the first statement that fails, which the database
 * answers with the end of that transaction: roll it back. To look before each statement would cost one more each time.
 */
public final class QueueNotFoundException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    private final transient QueueName queue;

    /** PGQ1003. */
    public QueueNotFoundException(QueueName queue, String schema) {
        this(queue, schema, null);
    }

    /** PGQ1003, found out by a statement that failed. */
    public QueueNotFoundException(QueueName queue, String schema, @Nullable Throwable cause) {
        super(
                "PGQ1003",
                "queue '" + queue + "' does not exist in schema '" + schema + "'; create it with SELECT"
                        + " pg_queue_create_queue('" + queue + "') or PgQueueManager.createQueue",
                cause);
        this.queue = queue;
    }

    /** The queue that was asked for. */
    public QueueName queue() {
        return queue;
    }
}
