package io.github.pgqueue.shop.orders;

import org.jspecify.annotations.Nullable;

/** The file as a whole cannot be read. The message is one sentence, fit to be the only thing a user sees. */
public final class OrderFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OrderFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
