package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import java.sql.SQLException;
import java.util.List;

/** A queue as one would write it by hand: a table, and a connection for each client. */
final class RawQueue implements AutoCloseable {

    private static final String TABLE = "raw_queue";

    /** What is done with a connection. */
    @FunctionalInterface
    interface Work {
        void on(Session session) throws Exception;
    }

    private final TestDatabase database;
    private final List<Session> sessions;

    private RawQueue(TestDatabase database, List<Session> sessions) {
        this.database = database;
        this.sessions = sessions;
    }

    /** With a primary key only: enough to insert, and to take jobs for good. */
    static RawQueue plain(TestDatabase database, int clients) throws SQLException {
        database.execute(BenchSql.on(TABLE, BenchSql.DROP), BenchSql.on(TABLE, BenchSql.CREATE_RAW));
        return new RawQueue(database, Session.open(database, TABLE, clients));
    }

    /** With a partial index on what waits, for the classic claim. */
    static RawQueue classic(TestDatabase database, int clients) throws SQLException {
        RawQueue queue = plain(database, clients);
        database.execute(BenchSql.on(TABLE, BenchSql.CREATE_PENDING_INDEX));
        return queue;
    }

    /** The connection of the first client. */
    Session first() {
        return sessions.get(0);
    }

    /** The connection of the second client. */
    Session second() {
        return sessions.get(1);
    }

    /** Does the same on every connection, each on a thread of its own; the nanoseconds it takes. */
    long onEach(Work work) throws Exception {
        return Clients.run(sessions.size(), client -> work.on(sessions.get(client)));
    }

    @Override
    public void close() throws SQLException {
        Session.closeAll(sessions);
        database.execute(BenchSql.on(TABLE, BenchSql.DROP));
    }
}
