package io.github.pgqueue.internal.channel;

import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Jdbc;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Brings payloads that went by reference. */
final class SignalReader {

    static final String REFERENCE = "pg_queue:ref:";

    private static final Logger LOG = System.getLogger("io.github.pgqueue.channel");

    private final Database database;

    SignalReader(Database database) {
        this.database = database;
    }

    /** The notification with its payload; empty if what it refers to is gone, or never was. */
    Optional<Notification> read(Notification notification) {
        if (!notification.payload().startsWith(REFERENCE)) {
            return Optional.of(notification);
        }
        Optional<String> payload =
                reference(notification).flatMap(id -> dereference(id).stream().findFirst());
        if (payload.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "a notification on channel {0} refers to a payload that does not exist (any more)",
                    notification.channel());
        }
        return payload.map(text -> new Notification(notification.channel(), text, notification.pid()));
    }

    private static Optional<UUID> reference(Notification notification) {
        try {
            return Optional.of(UUID.fromString(notification.payload().substring(REFERENCE.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private List<String> dereference(UUID id) {
        String sql = database.schema().fill(ChannelSql.DEREFERENCE);
        return database.transactions()
                .outside(connection -> Jdbc.query(
                        connection, sql, statement -> statement.setObject(1, id), row -> row.getString("payload")));
    }
}
