package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/** The statements of the benchmark on one table and one connection, in autocommit. Of one thread at a time. */
final class Session implements AutoCloseable {

    private final Connection connection;
    private final String table;

    private Session(Connection connection, String table) {
        this.connection = connection;
        this.table = table;
    }

    static Session open(TestDatabase database, String table) throws SQLException {
        return new Session(database.connect(), table);
    }

    /** One for each client. */
    static List<Session> open(TestDatabase database, String table, int clients) throws SQLException {
        List<Session> sessions = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            sessions.add(open(database, table));
        }
        return sessions;
    }

    static void closeAll(List<Session> sessions) throws SQLException {
        for (Session session : sessions) {
            session.close();
        }
    }

    void fill(int jobs) throws SQLException {
        try (PreparedStatement statement = prepare(BenchSql.FILL)) {
            statement.setInt(1, jobs);
            statement.executeUpdate();
        }
    }

    void push(int jobs) throws SQLException {
        try (PreparedStatement statement = prepare(BenchSql.PUSH)) {
            for (int job = 0; job < jobs; job++) {
                statement.setString(1, Parcel.json(job));
                readIds(statement);
            }
        }
    }

    void pushMany(int statements, int batch) throws SQLException {
        String[] payloads = new String[batch];
        try (PreparedStatement statement = prepare(BenchSql.PUSH_MANY)) {
            for (int done = 0; done < statements; done++) {
                for (int job = 0; job < batch; job++) {
                    payloads[job] = Parcel.json(job);
                }
                statement.setArray(1, connection.createArrayOf("text", payloads));
                readIds(statement);
            }
        }
    }

    /** Takes batches for good until there is nothing left. */
    void drainDestructively(int batch) throws SQLException {
        try (PreparedStatement take = prepare(BenchSql.TAKE)) {
            take.setInt(1, batch);
            while (!readIds(take).isEmpty()) {
                // the work is trivial
            }
        }
    }

    /** Claims batches and completes them until there is nothing left. */
    void drainClassically(int batch) throws SQLException {
        try (PreparedStatement claim = prepare(BenchSql.CLAIM);
                PreparedStatement complete = prepare(BenchSql.COMPLETE)) {
            claim.setInt(1, batch);
            for (List<Long> ids = readIds(claim); !ids.isEmpty(); ids = readIds(claim)) {
                complete(complete, ids);
            }
        }
    }

    /** Claims single jobs and completes them; how long each claim took. */
    long[] claimClassically(int claims) throws SQLException {
        long[] nanos = new long[claims];
        try (PreparedStatement claim = prepare(BenchSql.CLAIM);
                PreparedStatement complete = prepare(BenchSql.COMPLETE)) {
            claim.setInt(1, 1);
            for (int done = 0; done < claims; done++) {
                long begin = System.nanoTime();
                List<Long> ids = readIds(claim);
                nanos[done] = System.nanoTime() - begin;
                complete(complete, ids);
            }
        }
        return nanos;
    }

    /** Pushes, claims and completes one job after the other. */
    void passClassically(int jobs) throws SQLException {
        try (PreparedStatement push = prepare(BenchSql.PUSH);
                PreparedStatement claim = prepare(BenchSql.CLAIM);
                PreparedStatement complete = prepare(BenchSql.COMPLETE)) {
            claim.setInt(1, 1);
            for (int job = 0; job < jobs; job++) {
                push.setString(1, Parcel.json(job));
                readIds(push);
                complete(complete, readIds(claim));
            }
        }
    }

    /** Locks a job, writes a business row, deletes the job, commits; until there is nothing left. */
    void workInTransactions() throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement lock = prepare(BenchSql.LOCK);
                PreparedStatement effect = prepare(BenchSql.EFFECT);
                PreparedStatement delete = prepare(BenchSql.DELETE)) {
            for (List<Long> ids = readIds(lock); !ids.isEmpty(); ids = readIds(lock)) {
                writeEffect(effect, ids.get(0));
                delete.setLong(1, ids.get(0));
                delete.executeUpdate();
                connection.commit();
            }
        }
        connection.rollback();
        connection.setAutoCommit(true);
    }

    /** One committed claim of a single job; its id. */
    long claimOne() throws SQLException {
        try (PreparedStatement claim = prepare(BenchSql.CLAIM)) {
            claim.setInt(1, 1);
            return readIds(claim).get(0);
        }
    }

    void complete(long id) throws SQLException {
        try (PreparedStatement complete = prepare(BenchSql.COMPLETE)) {
            complete(complete, List.of(id));
        }
    }

    /** One committed insert, then the notification. */
    void pushAndNotify(long number) throws SQLException {
        try (PreparedStatement push = prepare(BenchSql.PUSH)) {
            push.setString(1, Parcel.json(number));
            readIds(push);
        }
        tell();
    }

    void listen() throws SQLException {
        try (PreparedStatement listen = prepare(BenchSql.LISTEN)) {
            listen.execute();
        }
    }

    void tell() throws SQLException {
        try (PreparedStatement notify = prepare(BenchSql.NOTIFY)) {
            notify.execute();
        }
    }

    /** Waits for notifications, at most so many milliseconds; how many there were. */
    int awaitNotifications(int millis) throws SQLException {
        return connection.unwrap(PGConnection.class).getNotifications(millis).length;
    }

    /** Begins a transaction that sees what is there now for as long as the connection is open. */
    void pin() throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        try (PreparedStatement read = prepare(BenchSql.READ)) {
            read.execute();
        }
    }

    /** The business row of a job, in the transaction of a worker. */
    static void writeEffect(Connection connection, long job) throws SQLException {
        try (PreparedStatement effect = connection.prepareStatement(BenchSql.EFFECT)) {
            writeEffect(effect, job);
        }
    }

    private static void writeEffect(PreparedStatement effect, long job) throws SQLException {
        effect.setLong(1, job);
        effect.setString(2, "delivered");
        effect.executeUpdate();
    }

    private void complete(PreparedStatement complete, List<Long> ids) throws SQLException {
        complete.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
        complete.executeUpdate();
    }

    /** The ids that a statement returns; a payload is read as text. */
    private static List<Long> readIds(PreparedStatement statement) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            boolean withPayload = rows.getMetaData().getColumnCount() > 1;
            while (rows.next()) {
                ids.add(rows.getLong(1));
                if (withPayload && rows.getString(2).isEmpty()) {
                    throw new IllegalStateException("a job without a payload");
                }
            }
        }
        return ids;
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        return connection.prepareStatement(BenchSql.on(table, sql));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
