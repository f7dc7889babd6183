package io.github.pgqueue.internal.queue;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.QueueNotFoundException;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.SchemaName;
import io.github.pgqueue.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The queues that are known to exist. A statement on a missing table would abort the caller's transaction, so a queue
 * is looked up before its first use. Thread-safe.
 */
public final class Queues {

    private final Database database;
    private final PgQueueConfig config;
    private final Map<QueueName, QueueStore> known = new ConcurrentHashMap<>();

    public Queues(Database database, PgQueueConfig config) {
        this.database = database;
        this.config = config;
    }

    /**
     * The store of a queue, for use in the transactions given.
     *
     * @throws QueueNotFoundException if it has not been created, or only by a transaction that is still open elsewhere
     */
    public QueueStore require(QueueName queue, Transactions joining) {
        QueueStore store = known.get(queue);
        if (store != null) {
            return store;
        }
        SchemaName schema = database.schema();
        QueueStore found = new QueueStore(queue, config.queue(queue), schema);
        if (database.transactions().outside(connection -> exists(connection, schema, queue))) {
            known.put(queue, found);
        } else if (!joining.active() || !joining.joined(connection -> exists(connection, schema, queue))) {
            throw new QueueNotFoundException(queue, schema.value());
        }
        return found;
    }

    /** The queues that this manager has used. */
    public Set<QueueName> used() {
        return Set.copyOf(known.keySet());
    }

    private static boolean exists(Connection connection, SchemaName schema, QueueName queue) throws SQLException {
        return Jdbc.single(
                connection,
                schema.fill(QueueSql.EXISTS),
                statement -> statement.setString(1, queue.value()),
                row -> row.getBoolean(1));
    }

    public void create(QueueName queue) {
        run(QueueSql.CREATE_QUEUE, queue);
    }

    public void drop(QueueName queue) {
        known.remove(queue);
        run(QueueSql.DROP_QUEUE, queue);
    }

    private void run(String template, QueueName queue) {
        String sql = database.schema().fill(template);
        database.transactions()
                .outside(connection ->
                        Jdbc.query(connection, sql, statement -> statement.setString(1, queue.value()), row -> true));
    }

    /** Removes overdue requests from every queue this manager has used, and who died asleep from all. */
    public void expire() {
        String forgetSleepers = database.schema().fill(QueueSql.FORGET_SLEEPERS);
        database.transactions().outside(connection -> Jdbc.update(connection, forgetSleepers, Jdbc.Binder.NONE));
        for (QueueStore store : known.values()) {
            database.transactions().outside(store::expire);
        }
    }
}
