package io.github.pgqueue.internal.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Rows on their way into COPY FROM STDIN, in its text format: a tab between two fields, a line feed after each row. */
public final class Copy {

    private Copy() {}

    /** Whether the driver is in reach that speaks that protocol. */
    public static boolean supports(Connection connection) throws SQLException {
        return connection.isWrapperFor(PGConnection.class);
    }

    /**
     * Runs a COPY with these rows. The driver's own object does so: whatever stands before that must have seen a statement
     * already, since some servers let a connection join its transaction no sooner.
     */
    public static void rows(Connection connection, String sql, String rows) throws SQLException {
        byte[] bytes = rows.getBytes(StandardCharsets.UTF_8);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            copy.writeToCopy(bytes, 0, bytes.length);
            copy.endCopy();
        } catch (SQLException e) {
            cancel(copy, e);
            throw e;
        }
    }

    private static void cancel(CopyIn copy, SQLException failure) {
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** Adds a field, of which nothing is taken for a separator, an escape or the end. */
    public static void append(StringBuilder row, @Nullable Object field) {
        if (field == null) {
            row.append("\\N");
            return;
        }
        String text = field.toString();
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '\\' -> row.append("\\\\");
                case '\t' -> row.append("\\t");
                case '\n' -> row.append("\\n");
                case '\r' -> row.append("\\r");
                default -> row.append(character);
            }
        }
    }
}
