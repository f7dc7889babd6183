package io.github.pgqueue.shop.runtime;

import org.jspecify.annotations.Nullable;

/** The shop cannot go on. The message is one sentence, fit to be the only thing a user sees. */
public final class ShopException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ShopException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
