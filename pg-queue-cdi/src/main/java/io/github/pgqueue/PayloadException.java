package io.github.pgqueue;

import org.jspecify.annotations.Nullable;

/**
 * A payload cannot be stored, or a stored one cannot be read as the type that was asked for. A push that throws this
 * has not touched the database, so the caller's transaction goes on. The message never contains the payload.
 */
public final class PayloadException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong with a payload, without showing it.
     *
     * @param code one of PGQ5001 to PGQ5099
     */
    public PayloadException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
