package io.github.pgqueue.shop.web;

/** A browser sent what cannot be meant. The message is one sentence that names the fix. */
public final class BadInputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadInputException(String message) {
        super(message);
    }
}
