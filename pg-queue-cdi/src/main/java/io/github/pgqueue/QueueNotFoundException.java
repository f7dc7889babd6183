package io.github.pgqueue;

/** The queue has not been created in the manager's schema. Thrown before the caller's transaction is touched. */
public final class QueueNotFoundException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    private final transient QueueName queue;

    /** PGQ1003. */
    public QueueNotFoundException(QueueName queue, String schema) {
        super(
                "PGQ1003",
                "queue '" + queue + "' does not exist in schema '" + schema + "'; create it with SELECT"
                        + " pg_queue_create_queue('" + queue + "') or PgQueueManager.createQueue",
                null);
        this.queue = queue;
    }

    /** The queue that was asked for. */
    public QueueName queue() {
        return queue;
    }
}
