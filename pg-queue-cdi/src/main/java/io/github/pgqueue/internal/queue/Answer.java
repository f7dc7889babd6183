package io.github.pgqueue.internal.queue;

import io.github.pgqueue.internal.jdbc.Text;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The answer to a request, as it is stored: a value as JSON, or the class name and message of an exception. */
public sealed interface Answer {

    /** A value. */
    record Value(String json) implements Answer {}

    /** A failure. */
    record Failure(String type, String message) implements Answer {}

    /** What travels of an exception. */
    static Answer failure(Throwable cause) {
        String message = cause.getMessage();
        return new Failure(cause.getClass().getName(), Text.storable(message == null ? "" : message));
    }

    /** Binds outcome, response, error type and error message, from a place on. */
    default void bind(PreparedStatement statement, int from) throws SQLException {
        Value value = this instanceof Value it ? it : null;
        Failure failure = this instanceof Failure it ? it : null;
        statement.setString(from, value == null ? "error" : "value");
        statement.setString(from + 1, value == null ? null : value.json());
        statement.setString(from + 2, failure == null ? null : failure.type());
        statement.setString(from + 3, failure == null ? null : failure.message());
    }
}
