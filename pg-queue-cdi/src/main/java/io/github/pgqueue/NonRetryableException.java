package io.github.pgqueue;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a worker to say that no further attempt can help: the job becomes a dead letter at once, whatever is left
 * of its budget.
 */
public final class NonRetryableException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    /** PGQ1004. */
    public NonRetryableException(String message) {
        this(message, null);
    }

    /** PGQ1004. */
    public NonRetryableException(String message, @Nullable Throwable cause) {
        super("PGQ1004", message, cause);
    }
}
