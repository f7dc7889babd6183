package io.github.pgqueue;

import java.time.Duration;
import java.util.UUID;

/**
 * No answer came before the deadline, or before the waiting thread was interrupted. The outcome is unknown: the worker may not have started, may still run, or may
 * have committed an answer that came too late.
 */
public final class RequestTimeoutException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    private final transient QueueName queue;
    private final UUID requestId;

    /** PGQ4002: the deadline passed. */
    public RequestTimeoutException(QueueName queue, UUID requestId, Duration timeout) {
        this(
                "PGQ4002",
                queue,
                requestId,
                "request " + requestId + " to queue '" + queue + "' was not answered within " + timeout
                        + "; whether it was worked is unknown. Is a worker running for that queue?");
    }

    private RequestTimeoutException(String code, QueueName queue, UUID requestId, String message) {
        super(code, message, null);
        this.queue = queue;
        this.requestId = requestId;
    }

    /** PGQ4005: the waiting thread was interrupted. */
    public static RequestTimeoutException interrupted(QueueName queue, UUID requestId) {
        return new RequestTimeoutException(
                "PGQ4005",
                queue,
                requestId,
                "the thread that waited for request " + requestId + " to queue '" + queue
                        + "' was interrupted; whether it was worked is unknown");
    }

    /** The queue the request was pushed to. */
    public QueueName queue() {
        return queue;
    }

    /** The request that was not answered. */
    public UUID requestId() {
        return requestId;
    }
}
