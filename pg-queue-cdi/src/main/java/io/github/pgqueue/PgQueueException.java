package io.github.pgqueue;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Root of everything the library throws on purpose. Unchecked.
 *
 * <p>The message says what happened, to which thing, and what to do about it; {@link #code()} is stable and listed in
 * the README. Identifiers are fields of the subclasses. Messages never contain a payload.
 */
public abstract sealed class PgQueueException extends RuntimeException
        permits ConfigurationException,
                InvalidArgumentException,
                InvalidNameException,
                JobTimeoutException,
                LeaseLostException,
                ManagerClosedException,
                NonRetryableException,
                PayloadException,
                QueueNotFoundException,
                RequestFailedException,
                RequestTimeoutException,
                StorageException,
                TransactionStateException {

    private static final long serialVersionUID = 1L;

    private final String code;

    PgQueueException(String code, String message, @Nullable Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
    }

    /** The number of the error, such as {@code PGQ1002}; never reused for another error. */
    public final String code() {
        return code;
    }

    /** Renders a foreign string in one line of printable characters, so that it cannot forge a line of a log. */
    static String printable(String text) {
        StringBuilder line = new StringBuilder("'");
        text.codePoints().limit(100).forEach(character -> {
            if (Character.isISOControl(character)
                    || Character.getType(character) == Character.SURROGATE
                    || Character.getType(character) == Character.FORMAT
                    || Character.getType(character) == Character.LINE_SEPARATOR
                    || Character.getType(character) == Character.PARAGRAPH_SEPARATOR) {
                line.append(String.format(Locale.ROOT, "\\u%04x", character));
            } else {
                line.appendCodePoint(character);
            }
        });
        return line.append(text.codePointCount(0, text.length()) > 100 ? "…'" : "'")
                .toString();
    }
}
