package io.github.pgqueue.shop.database;

import org.jspecify.annotations.Nullable;

/** What of an exception fits into one sentence. */
final class Sentence {

    private Sentence() {}

    /** The first line of the message of the innermost cause. */
    static String rootCause(Throwable failure) {
        Throwable innermost = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            innermost = cause;
        }
        return firstLine(innermost);
    }

    static String firstLine(Throwable failure) {
        @Nullable String message = failure.getMessage();
        String line = message == null ? "" : message.strip().lines().findFirst().orElse("");
        return line.isEmpty() ? failure.getClass().getSimpleName() : line;
    }
}
