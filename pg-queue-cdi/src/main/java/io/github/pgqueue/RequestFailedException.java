package io.github.pgqueue;

import java.util.UUID;

/**
 * The worker answered a request with a failure. Only the class name and the message of the remote exception travel;
 * nothing of it is instantiated here.
 */
public final class RequestFailedException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    private final UUID requestId;
    private final String remoteType;
    private final String remoteMessage;

    /** PGQ4003. */
    public RequestFailedException(UUID requestId, String remoteType, String remoteMessage) {
        super("PGQ4003", "request " + requestId + " failed at the worker: " + remoteType + ": " + remoteMessage, null);
        this.requestId = requestId;
        this.remoteType = remoteType;
        this.remoteMessage = remoteMessage;
    }

    /** The request that failed. */
    public UUID requestId() {
        return requestId;
    }

    /** The class name of the exception the worker threw. */
    public String remoteType() {
        return remoteType;
    }

    /** The message of the exception the worker threw; empty if it had none. */
    public String remoteMessage() {
        return remoteMessage;
    }
}
