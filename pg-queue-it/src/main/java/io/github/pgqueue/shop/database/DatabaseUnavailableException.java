package io.github.pgqueue.shop.database;

import org.jspecify.annotations.Nullable;

/**
 * No PostgreSQL could be started or reached. The message is one sentence that names the reason and the remedy, fit to
 * be the only thing a user sees.
 */
public final class DatabaseUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
