package io.github.pgqueue.internal.queue;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.QueueNotFoundException;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.SchemaName;
import io.github.pgqueue.spi.Transactions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The queues that are known to exist. A statement on a missing table would abort the caller's transaction, so a queue
 * is looked up before its first use. Thread-safe.
 */
public final class Queues {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.queue");
    private static final Set<String> UNDEFINED = Set.of(/* table */ "42P01", /* function */ "42883");

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

    /** The queues that have been created. */
    public Set<QueueName> all() {
        String sql = database.schema().fill(QueueSql.ALL);
        return Set.copyOf(database.transactions()
                .outside(connection ->
                        Jdbc.query(connection, sql, Jdbc.Binder.NONE, row -> new QueueName(row.getString("name")))));
    }

    /**
     * Runs something on the rows of a queue.
     *
     * @throws QueueNotFoundException if its table is missing: somebody else has dropped it since this manager first used
     *     it. It is looked up again before its next use
     */
    public <R> R on(QueueName queue, Supplier<R> statements) {
        try {
            return statements.get();
        } catch (StorageException e) {
            if (isMissing(queue, e)) {
                known.remove(queue);
                throw new QueueNotFoundException(queue, database.schema().value(), e);
            }
            throw e;
        }
    }

    /** The message names the table or function of the queue in every language, and says more only after it. */
    private static boolean isMissing(QueueName queue, StorageException e) {
        Throwable cause = e.getCause();
        return e.sqlState() != null
                && UNDEFINED.contains(e.sqlState())
                && cause != null
                && String.valueOf(cause.getMessage()).contains("_" + queue);
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

    /** Removes overdue requests from every queue this manager has used, and who died asleep or at work from all. */
    public void expire() {
        forget(QueueSql.FORGET_SLEEPERS);
        forget(QueueSql.FORGET_HELD);
        for (QueueStore store : known.values()) {
            try {
                on(store.queue(), () -> database.transactions().outside(store::expire));
            } catch (QueueNotFoundException e) {
                // It is forgotten now, and the others must not wait.
                LOG.log(Level.DEBUG, "queue {0} is gone", store.queue());
            }
        }
    }

    private void forget(String template) {
        String sql = database.schema().fill(template);
        database.transactions().outside(connection -> Jdbc.update(connection, sql, Jdbc.Binder.NONE));
    }
}
