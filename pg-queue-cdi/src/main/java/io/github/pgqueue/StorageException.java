package io.github.pgqueue;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The database refused or did not answer. {@link #transientFailure()} tells whether trying again may help, and
 * {@link #outcomeUnknown()} whether the operation may have taken effect all the same: a connection that breaks while
 * an autocommitted statement is under way leaves that open.
 */
public final class StorageException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53", "57", "58");

    private final @Nullable String sqlState;

    private StorageException(String code, String message, SQLException cause) {
        super(code, message, cause);
        this.sqlState = cause.getSQLState();
    }

    /** PGQ6001 for a statement that failed, PGQ6002 where its outcome is unknown. The cause carries the details. */
    public static StorageException of(SQLException cause) {
        String state = cause.getSQLState() == null ? "none" : cause.getSQLState();
        if (connectionLost(state)) {
            return new StorageException(
                    "PGQ6002",
                    "the connection to the database broke (SQL state " + state + "); whether the operation took effect"
                            + " is unknown unless it belonged to a transaction that did not commit",
                    cause);
        }
        return new StorageException(
                "PGQ6001", "the database refused the operation (SQL state " + state + "): " + reason(cause), cause);
    }

    private static boolean connectionLost(String state) {
        return state.startsWith("08") || state.startsWith("57P0");
    }

    /** The first line of what the database said. */
    static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? "no reason given" : message.lines().findFirst().orElse("no reason given");
    }

    /** The SQL state of the cause, if the driver gave one. */
    public @Nullable String sqlState() {
        return sqlState;
    }

    /** Whether the same operation may succeed later: lost connections, serialization failures, lack of resources. */
    public boolean transientFailure() {
        return sqlState == null || TRANSIENT_CLASSES.contains(sqlState.substring(0, 2));
    }

    /** Whether the operation may have taken effect although it failed. */
    public boolean outcomeUnknown() {
        return code().equals("PGQ6002");
    }
}
