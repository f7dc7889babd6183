package io.github.pgqueue.internal.status;

import io.github.pgqueue.PgQueueStatus.XminHolder;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.SchemaName;
import io.github.pgqueue.internal.jdbc.Text;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a database: each method is one statement, and changes nothing.
 *
 * @param connection in autocommit mode
 */
record Look(Connection connection) {

    /**
     * What the server and the session are set to.
     *
     * @param standby whether nothing can be written
     * @param crashSafe whether commits survive a crash of the machine
     * @param synchronousCommit the setting
     * @param isolation of a transaction that says nothing of its own
     * @param maxPrepared the setting
     * @param local whether the server is on this machine
     * @param role of the session
     * @param notifications how full the queue of notifications is, from 0 to 1
     */
    record Facts(
            boolean standby,
            boolean crashSafe,
            String synchronousCommit,
            String isolation,
            int maxPrepared,
            boolean local,
            String role,
            double notifications) {}

    /** A prepared transaction. */
    record Prepared(String gid, Duration age) {}

    /** A right that the role has not. */
    record MissingGrant(String verbs, String object) {}

    /**
     * The table of a queue.
     *
     * @param there whether there is one
     * @param readable whether the role may look for the oldest ready job
     * @param wakes whether the default of {@code pushed_at} wakes workers
     * @param hiddenFrom the verbs for which row level security lets the role see no row; null if there are none
     */
    record QueueTable(
            QueueName queue,
            boolean there,
            boolean readable,
            boolean wakes,
            @Nullable String hiddenFrom) {}

    Facts facts() throws SQLException {
        return Jdbc.single(
                connection,
                StatusSql.FACTS,
                Jdbc.Binder.NONE,
                row -> new Facts(
                        row.getBoolean("standby"),
                        row.getBoolean("crash_safe"),
                        row.getString("synchronous_commit"),
                        row.getString("isolation"),
                        row.getInt("max_prepared"),
                        row.getBoolean("local"),
                        row.getString("role"),
                        row.getDouble("notifications")));
    }

    /** The oldest first. */
    List<Prepared> prepared() throws SQLException {
        return Jdbc.query(
                connection,
                StatusSql.PREPARED,
                Jdbc.Binder.NONE,
                row -> new Prepared(Text.printable(row.getString("gid")), duration(row.getDouble("age"))));
    }

    Optional<XminHolder> oldestXmin() throws SQLException {
        return Jdbc.query(connection, StatusSql.OLDEST_XMIN, Jdbc.Binder.NONE, row -> {
                    Duration age = durationOrNull(row, "seconds");
                    return new XminHolder(Text.printable(row.getString("who")), row.getLong("transactions"), age);
                })
                .stream()
                .findFirst();
    }

    List<MissingGrant> missingGrants(SchemaName schema, Collection<QueueName> worked) throws SQLException {
        return Jdbc.query(
                connection,
                StatusSql.MISSING_GRANTS,
                statement -> {
                    statement.setArray(1, connection.createArrayOf("text", names(worked)));
                    statement.setString(2, schema.value());
                    statement.setString(3, schema.value());
                },
                row -> new MissingGrant(row.getString("verbs"), row.getString("object")));
    }

    List<QueueTable> queues(SchemaName schema, Collection<QueueName> wanted) throws SQLException {
        return Jdbc.query(
                connection,
                StatusSql.QUEUES,
                statement -> {
                    statement.setArray(1, connection.createArrayOf("text", names(wanted)));
                    statement.setString(2, schema.value());
                },
                row -> new QueueTable(
                        new QueueName(row.getString("name")),
                        row.getBoolean("there"),
                        row.getBoolean("readable"),
                        row.getBoolean("wakes"),
                        row.getString("hidden_from")));
    }

    Optional<Duration> oldestReady(SchemaName schema, QueueName queue) throws SQLException {
        return Optional.ofNullable(Jdbc.single(
                        connection,
                        schema.fill(StatusSql.OLDEST_READY, queue),
                        Jdbc.Binder.NONE,
                        row -> new Found(durationOrNull(row, "age")))
                .age());
    }

    private record Found(@Nullable Duration age) {}

    private static Object[] names(Collection<QueueName> queues) {
        return queues.stream().map(QueueName::value).sorted().toArray();
    }

    private static @Nullable Duration durationOrNull(ResultSet row, String column) throws SQLException {
        double seconds = row.getDouble(column);
        return row.wasNull() ? null : duration(seconds);
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(Math.max(0, (long) (seconds * 1_000)));
    }
}
