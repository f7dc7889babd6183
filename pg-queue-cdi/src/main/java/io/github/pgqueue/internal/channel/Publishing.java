package io.github.pgqueue.internal.channel;

import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.SchemaName;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;

/** Sends one signal on a connection: the payload itself, or a reference where NOTIFY would refuse it. */
final class Publishing {

    /** NOTIFY refuses 8,000 bytes and more. */
    private static final int MAX_BYTES = 7_999;

    private Publishing() {}

    static void publish(Connection connection, SchemaName schema, String fullChannel, String payload)
            throws SQLException {
        if (byReference(payload)) {
            run(connection, schema.fill(ChannelSql.PUBLISH_REFERENCE), payload, fullChannel);
        } else {
            run(connection, ChannelSql.PUBLISH, fullChannel, payload);
        }
    }

    /** Text that looks like a reference goes by reference too, so that none can be mistaken for one. */
    private static boolean byReference(String payload) {
        return payload.startsWith(SignalReader.REFERENCE)
                || payload.length() > MAX_BYTES
                || (payload.length() > MAX_BYTES / 3 && payload.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES);
    }

    private static void run(Connection connection, String sql, String first, String second) throws SQLException {
        Jdbc.query(
                connection,
                sql,
                statement -> {
                    statement.setString(1, first);
                    statement.setString(2, second);
                },
                row -> true);
    }
}
