package io.github.pgqueue.it.servers.lifecycle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/**
 * Looks from outside at, and adds to, what the application has left in the databases of the first and of the second resource.
 *
 * @param first with the jobs
 * @param second the same, where there is only one resource
 */
record Books(DataSource first, DataSource second) {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String HELD = """
            (job.leased_until IS NOT NULL
                OR job.run_at IS NULL AND EXISTS (SELECT FROM pg_queue_lease_%s AS lease WHERE lease.jobs @> job.id))
            """;
    private static final String CLEAR = """
            DO $$
            BEGIN
                DELETE FROM effect;
                IF to_regclass('queue_crash') IS NOT NULL THEN
                    DELETE FROM queue_crash;
                    DELETE FROM queue_lent;
                END IF;
            END $$
            """;

    /** Everything that the application has written, for the checker. */
    Findings findings(boolean two) {
        DataSource pushedTo = two ? second : first;
        return new Findings(
                effects(pushedTo, "pushed"),
                effects(first, "worked"),
                effects(pushedTo, "worked too"),
                effects(first, "lent"),
                strings(first, "SELECT payload #>> '{}' FROM queue_crash"),
                strings(first, "SELECT payload #>> '{}' FROM queue_lent"),
                strings(first, "SELECT queue || ' ' || payload || ' ' || error FROM pg_queue_dead_letter"));
    }

    /** Forgets what an earlier test has left; nothing is deployed. */
    void clear() {
        for (DataSource one : List.of(first, second)) {
            strings(one, CLEAR);
        }
    }

    /** Pushes as the application does, but by SQL, into the first database only; true unless it throws. */
    boolean push(String what) {
        strings(
                first,
                "WITH pushed AS (INSERT INTO effect VALUES ('pushed', '" + what + "') RETURNING to_jsonb(what) AS what)"
                        + " SELECT pg_queue_push('crash', what)::text || pg_queue_push('lent', what) FROM pushed");
        return true;
    }

    /** Waits until every job is done. */
    void awaitDone() {
        await("end of all jobs", "SELECT (SELECT count(*) FROM queue_crash) + (SELECT count(*) FROM queue_lent)", 0);
    }

    /** How many jobs somebody holds. */
    long held() {
        return number(first, "SELECT count(*) FROM queue_crash AS job WHERE " + HELD.formatted("crash"));
    }

    /** How many jobs are held by somebody, or have counted a failure. */
    long notGivenBack() {
        return number(
                first,
                "SELECT (SELECT count(*) FROM queue_crash AS job WHERE failures > 0 OR " + HELD.formatted("crash")
                        + ") + (SELECT count(*) FROM queue_lent AS job WHERE failures > 0 OR "
                        + HELD.formatted("lent") + ")");
    }

    /** How many transactions are prepared in both databases. */
    long prepared() {
        String sql = "SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()";
        return number(first, sql) + number(second, sql);
    }

    /** Waits until recovery has ended every prepared transaction. */
    void awaitNothingPrepared() {
        Awaitility.await("recovery")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> prepared() == 0);
    }

    /** Waits until the servers of the database have done what they were told by a process that says nothing more. */
    void awaitIdle() {
        for (DataSource one : List.of(first, second)) {
            await(one, "end of statements", sessions("state = 'active'"), 0);
        }
    }

    /** Waits until the sessions of a process that was killed are gone. */
    void awaitNoSessions() {
        for (DataSource one : List.of(first, second)) {
            await(one, "end of sessions", sessions("true"), 0);
        }
    }

    /** How many sessions there are. */
    long sessions() {
        return number(first, sessions("true"));
    }

    /** How many sessions are doing something, or are in a transaction. */
    long busySessions() {
        return number(first, sessions("state <> 'idle'"));
    }

    /** How many advisory locks are held. */
    long advisoryLocks() {
        return number(
                first,
                "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database WHERE locktype = 'advisory'"
                        + " AND datname = current_database()");
    }

    private static String sessions(String which) {
        return "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND"
                + " backend_type = 'client backend' AND " + which;
    }

    private void await(String what, String sql, long expected) {
        await(first, what, sql, expected);
    }

    private static void await(DataSource dataSource, String what, String sql, long expected) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> number(dataSource, sql) == expected);
    }

    private static List<String> effects(DataSource dataSource, String source) {
        return strings(dataSource, "SELECT what FROM effect WHERE source = '" + source + "'");
    }

    private static long number(DataSource dataSource, String sql) {
        return Long.parseLong(strings(dataSource, sql).get(0));
    }

    private static List<String> strings(DataSource dataSource, String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            List<String> strings = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        strings.add(rows.getString(1));
                    }
                }
            }
            return strings;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
