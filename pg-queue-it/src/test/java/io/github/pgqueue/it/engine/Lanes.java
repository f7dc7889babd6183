package io.github.pgqueue.it.engine;

import io.github.pgqueue.it.support.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** A queue of one test, its sessions, and what stands in its tables. */
final class Lanes implements AutoCloseable {

    private final TestDatabase database;
    private final String queue = "q" + UUID.randomUUID().toString().substring(0, 8);
    private final List<Session> sessions = new ArrayList<>();

    Lanes(TestDatabase database) {
        this.database = database;
        database.execute("SELECT pg_queue_create_queue('" + queue + "')");
    }

    String queue() {
        return queue;
    }

    Session session() {
        return session(database.dataSource());
    }

    Session session(DataSource dataSource) {
        Session session = new Session(database, dataSource, queue);
        sessions.add(session);
        return session;
    }

    /** The ids of the plain lane. */
    String plain() {
        return ids("run_at IS NULL");
    }

    /** The ids of the row lane. */
    String rows() {
        return ids("run_at IS NOT NULL");
    }

    private String ids(String where) {
        return database.text(
                "SELECT coalesce(string_agg(id::text, ' ' ORDER BY id), '') FROM queue_" + queue + " WHERE " + where);
    }

    /** A column of a job. */
    String job(long id, String column) {
        return database.text("SELECT " + column + " FROM queue_" + queue + " WHERE id = " + id);
    }

    /** The jobs that each lease names. */
    String leases() {
        return database.text("SELECT string_agg(jobs::text, ' ' ORDER BY id) FROM pg_queue_lease_" + queue);
    }

    /** An expression over the newest lease. */
    String cursor(String expression) {
        return database.text("SELECT " + expression + " FROM pg_queue_lease_" + queue + " ORDER BY id DESC LIMIT 1");
    }

    /** The gaps that every claim looks through. */
    String gaps() {
        return cursor("young + old");
    }

    /** The gaps that are looked through from time to time. */
    String wideGaps() {
        return cursor("wide_young + wide_old");
    }

    /** Waits until the wide gaps are to be looked through. */
    void awaitLook() {
        database.await(
                "SELECT look_at < clock_timestamp() FROM pg_queue_lease_" + queue + " ORDER BY id DESC LIMIT 1", "t");
    }

    static List<Long> ids(List<Held> jobs) {
        return jobs.stream().map(Held::id).toList();
    }

    /** A prepared transaction that a failed test left would hold back everything on the server. */
    @Override
    public void close() {
        sessions.forEach(Session::close);
        String left = database.text(
                "SELECT coalesce(string_agg(gid, ' '), '') FROM pg_prepared_xacts WHERE database = current_database()");
        for (String gid : left.isEmpty() ? new String[0] : left.split(" ")) {
            database.execute("ROLLBACK PREPARED '" + gid + "'");
        }
    }
}
