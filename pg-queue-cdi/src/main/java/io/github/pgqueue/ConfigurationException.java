package io.github.pgqueue;

import org.jspecify.annotations.Nullable;

/** The application, its configuration or the installed schema does not fit the library. Found at start. */
public final class ConfigurationException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what does not fit, and the remedy.
     *
     * @param code one of PGQ7001 to PGQ7999, or of JCache's PGQ8001 to PGQ8999
     */
    public ConfigurationException(String code, String message) {
        this(code, message, null);
    }

    /**
     * Says what does not fit, and the remedy.
     *
     * @param code one of PGQ7001 to PGQ7999, or of JCache's PGQ8001 to PGQ8999
     */
    public ConfigurationException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
