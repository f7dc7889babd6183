package io.github.pgqueue.it.engine;

import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.TestDatabase;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** One session of the database, which claims for a node of its own and ends what it holds, or does not. */
final class Session implements AutoCloseable {

    /**
     * What a takeover came to.
     *
     * @param moved how many jobs went to the row lane
     * @param locked how many somebody held
     */
    record TakenOver(long moved, long locked) {}

    /**
     * What a sleeper has to know.
     *
     * @param ready whether there are jobs that no claim has come to yet
     * @param overdue whether there is something in the row lane, or a lease, that has been due for long
     * @param oldest every transaction before this one has ended
     */
    record Look(boolean ready, boolean overdue, long oldest) {}

    /**
     * Which transactions run.
     *
     * @param oldest every transaction before this one has ended
     * @param newest no transaction from this one on had begun
     */
    record Running(long oldest, long newest) {}

    /** What is bound to a statement, and read from a row of its result. */
    private interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final TestDatabase database;
    private final String queue;
    private final Connection connection;
    private final String node = UUID.randomUUID().toString();
    private final long pid;

    Session(TestDatabase database, DataSource dataSource, String queue) {
        this.database = database;
        this.queue = queue;
        try {
            this.connection = dataSource.getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        execute("SET lock_timeout = '20s'");
        this.pid = query("SELECT pg_backend_pid()", statement -> {}, row -> row.getLong(1))
                .get(0);
    }

    String node() {
        return node;
    }

    long pid() {
        return pid;
    }

    boolean isAlive() {
        return database.number(countOfThis()) == 1;
    }

    /** Waits until another one has ended this session. */
    void awaitEnd() {
        database.await(countOfThis(), 0);
    }

    private String countOfThis() {
        return "SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid;
    }

    Session execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return this;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Session begin() {
        return execute("BEGIN");
    }

    Session commit() {
        return execute("COMMIT");
    }

    Session rollback() {
        return execute("ROLLBACK");
    }

    /** Pushes jobs into the plain lane and returns their ids. */
    List<Long> push(int jobs) {
        return query(
                "INSERT INTO queue_" + queue
                        + " (payload) SELECT to_jsonb(n) FROM generate_series(1, ?) AS n RETURNING id",
                statement -> statement.setInt(1, jobs),
                row -> row.getLong(1));
    }

    /** Pushes jobs that are due in an hour. */
    List<Long> pushDelayed(int jobs) {
        return query(
                "INSERT INTO queue_" + queue + " (payload, run_at) SELECT to_jsonb(n), now() + interval '1 hour'"
                        + " FROM generate_series(1, ?) AS n RETURNING id",
                statement -> statement.setInt(1, jobs),
                row -> row.getLong(1));
    }

    /** Pushes a job as where the commit must not notify; tells whether somebody may have to be woken afterwards. */
    boolean pushQuietly() {
        return query(
                        Statements.queue("PUSH_QUIETLY", queue),
                        statement -> {
                            statement.setString(1, "1");
                            statement.setNull(2, Types.VARCHAR);
                            statement.setNull(3, Types.TIMESTAMP_WITH_TIMEZONE);
                            statement.setNull(4, Types.DOUBLE);
                            statement.setNull(5, Types.INTEGER);
                        },
                        row -> row.getBoolean("asleep"))
                .get(0);
    }

    /** Wakes those who sleep, as after the commit of a quiet push. */
    void wakeOthers() {
        query(
                Statements.channel("WAKE", queue),
                statement -> {
                    statement.setArray(1, connection.createArrayOf("text", new Object[] {queue}));
                    statement.setArray(2, connection.createArrayOf("text", new Object[] {"queue_" + queue}));
                },
                row -> true);
    }

    /** Registers as asleep for an hour. */
    void sleep() {
        query(
                Statements.queue("SLEEP", queue),
                statement -> {
                    statement.setString(1, queue);
                    statement.setString(2, node);
                    statement.setDouble(3, 3600);
                },
                row -> true);
    }

    /** Registers as awake. */
    void awake() {
        query(
                Statements.queue("WAKE", queue),
                statement -> {
                    statement.setString(1, queue);
                    statement.setString(2, node);
                },
                row -> true);
    }

    Look look() {
        return query(
                        Statements.queue("LOOK", queue),
                        statement -> {},
                        row -> new Look(row.getBoolean("ready"), row.getBoolean("overdue"), row.getLong("oldest")))
                .get(0);
    }

    Running running() {
        return query(
                        Statements.queue("RUNNING", queue),
                        statement -> {},
                        row -> new Running(row.getLong("oldest"), row.getLong("newest")))
                .get(0);
    }

    Session listen() {
        return execute("LISTEN queue_" + queue);
    }

    /** Whether somebody has woken this session since it was last asked. */
    boolean woken() {
        // What was committed before this comes before it.
        execute("NOTIFY queue_" + queue + ", 'last'");
        try {
            PGNotification[] come = connection.unwrap(PGConnection.class).getNotifications();
            return Arrays.stream(come)
                    .anyMatch(notification -> !notification.getParameter().equals("last"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Claims for a minute. */
    List<Held> claim(int wanted) {
        return claim(wanted, 0, 60);
    }

    /** Claims under a lease that has ended when it begins. */
    List<Held> claimForNoTime(int wanted) {
        return claim(wanted, 0, 0);
    }

    /** Claims. */
    List<Held> claim(int wanted, int startable, int seconds) {
        UUID token = UUID.randomUUID();
        return query(
                Statements.lease("CLAIM", queue),
                statement -> {
                    statement.setString(1, node);
                    statement.setObject(2, token);
                    statement.setInt(3, wanted);
                    statement.setInt(4, startable);
                    statement.setDouble(5, seconds);
                },
                row -> new Held(row.getLong("id"), row.getInt("attempt"), row.getLong("lease_id"), token));
    }

    boolean complete(Held job) {
        return update("COMPLETE", statement -> bind(statement, 1, job)) == 1;
    }

    List<Long> completeAll(List<Held> jobs) {
        return ids("COMPLETE_ALL", jobs);
    }

    /** Fails an attempt; the job is ready again in a minute. */
    boolean retry(Held job) {
        return update("RETRY", statement -> {
                    statement.setDouble(1, 60);
                    statement.setInt(2, 1);
                    statement.setString(3, "failed");
                    bind(statement, 4, job);
                })
                == 1;
    }

    boolean bury(Held job) {
        return update("BURY", statement -> {
                    bind(statement, 1, job);
                    statement.setString(5, queue);
                    statement.setString(6, "failed for good");
                })
                == 1;
    }

    boolean release(Held job) {
        return update("RELEASE", statement -> bind(statement, 1, job)) == 1;
    }

    List<Long> releaseAll(List<Held> jobs) {
        return ids("RELEASE_ALL", jobs);
    }

    /** Closes the lease of a job. */
    boolean closeLease(Held job) {
        return !query(
                        Statements.lease("CLOSE", queue),
                        statement -> {
                            statement.setArray(1, array("int8", List.of(job), Held::lease));
                            statement.setArray(2, array("uuid", List.of(job), Held::token));
                            statement.setArray(3, array("bool", List.of(job), one -> false));
                        },
                        row -> row.getLong(1))
                .isEmpty();
    }

    /** Renews leases for a minute by the jobs that are still held, and returns the lost ones. */
    List<Long> renew(List<Held> jobs) {
        return query(
                Statements.lease("RENEW", queue),
                statement -> {
                    statement.setArray(1, array("int8", jobs, Held::id));
                    statement.setArray(2, array("int8", jobs, Held::lease));
                    statement.setArray(3, array("uuid", jobs, Held::token));
                    statement.setDouble(4, 60);
                },
                row -> row.getLong(1));
    }

    /** Takes over what has ended. */
    TakenOver takeOver() {
        return takeOver(null);
    }

    /** The same, and whatever another session holds. */
    TakenOver takeOver(@Nullable String dead) {
        return query(
                        Statements.lease("TAKE_OVER", queue),
                        statement -> statement.setString(1, dead),
                        row -> new TakenOver(row.getLong("moved"), row.getLong("locked")))
                .get(0);
    }

    /** The processes that hold jobs whose leases have ended. */
    List<Long> holders() {
        return query(
                "SELECT pid FROM pg_queue_holders_" + queue + "(interval '0')",
                statement -> {},
                row -> row.getLong("pid"));
    }

    /** Ends the sessions that hold such jobs of the plain lane; their processes. */
    List<Long> terminateHolders() {
        return query(
                Statements.lease("TERMINATE_HOLDERS", queue),
                statement -> statement.setDouble(1, 0),
                row -> row.getLong("pid"));
    }

    /** Ends the sessions that hold jobs of the row lane whose leases have ended; their processes. */
    List<Long> terminateRowHolders() {
        return query(
                Statements.queue("TERMINATE_HOLDERS", queue),
                statement -> {
                    statement.setDouble(1, 0);
                    statement.setString(2, queue);
                },
                row -> row.getLong("pid"));
    }

    /** Says that jobs of the row lane are still worked, for so many seconds. */
    void hold(int seconds, Long... jobs) {
        execute(Statements.queue("HOLD", queue), statement -> {
            statement.setString(1, queue);
            statement.setDouble(2, seconds);
            statement.setArray(3, connection.createArrayOf("int8", jobs));
        });
    }

    /** Claims a job that is pushed into the row lane, under a lease that has ended. */
    long claimRowForNoTime() {
        long id = query(
                        "INSERT INTO queue_" + queue + " (payload, run_at) VALUES ('1', now()) RETURNING id",
                        statement -> {},
                        row -> row.getLong(1))
                .get(0);
        pop(1);
        execute("UPDATE queue_" + queue + " SET leased_until = now() - interval '1 s' WHERE id = " + id);
        return id;
    }

    /** Locks a job of the row lane, as the transaction of its worker does. */
    void lock(long id) {
        execute("SELECT FROM queue_" + queue + " WHERE id = " + id + " FOR UPDATE");
    }

    /** Sweeps everything in portions of so many, and returns how many jobs it moved. */
    long sweep(int portion) {
        long moved = 0;
        long[] after = {Long.MIN_VALUE};
        while (after[0] != 0) {
            moved += query(
                            Statements.lease("SWEEP", queue),
                            statement -> {
                                statement.setLong(1, after[0]);
                                statement.setInt(2, portion);
                            },
                            row -> {
                                after[0] = row.getLong("last");
                                return row.getLong("moved");
                            })
                    .get(0);
        }
        return moved;
    }

    boolean resetCursor() {
        return query(
                        Statements.lease("RESET_CURSOR", queue),
                        statement -> statement.setString(1, queue),
                        row -> row.getBoolean(1))
                .get(0);
    }

    /** The ids that the claim of the row lane takes. */
    List<Long> pop(int limit) {
        return query(
                Statements.queue("POP", queue),
                statement -> {
                    statement.setInt(1, 3);
                    statement.setInt(2, limit);
                    statement.setString(3, queue);
                    statement.setInt(4, limit);
                    statement.setDouble(5, 60);
                    statement.setString(6, node);
                    statement.setInt(7, 3);
                },
                row -> row.getLong("id"));
    }

    /** Begins a call of this session that has to wait for another one, and returns when it does. */
    <T> InBackground<T> blocked(Function<Session, T> call) {
        InBackground<T> waiting = InBackground.call(() -> call.apply(this));
        database.await("SELECT wait_event_type FROM pg_stat_activity WHERE pid = " + pid, "Lock");
        return waiting;
    }

    private static void bind(PreparedStatement statement, int from, Held job) throws SQLException {
        statement.setLong(from, job.id());
        statement.setInt(from + 1, job.attempt());
        statement.setLong(from + 2, job.lease());
        statement.setObject(from + 3, job.token());
    }

    /** Does it to jobs by their leases, and tells which. */
    private List<Long> ids(String verb, List<Held> jobs) {
        return query(
                        Statements.lease(verb, queue),
                        statement -> {
                            statement.setArray(1, array("int8", jobs, Held::lease));
                            statement.setArray(2, array("uuid", jobs, Held::token));
                            statement.setArray(
                                    3, array("text", jobs, job -> "{[%d,%d]}".formatted(job.id(), job.id())));
                        },
                        row -> {
                            Array ids = row.getArray(1);
                            return ids == null ? List.<Long>of() : List.of((Long[]) ids.getArray());
                        })
                .get(0);
    }

    private Array array(String type, List<Held> jobs, Function<Held, Object> field) throws SQLException {
        return connection.createArrayOf(type, jobs.stream().map(field).toArray());
    }

    private int update(String verb, Binder binder) {
        return execute(Statements.lease(verb, queue), binder);
    }

    private int execute(String sql, Binder binder) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binder.bind(statement);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> List<T> query(String sql, Binder binder, Reader<T> reader) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binder.bind(statement);
            List<T> read = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    read.add(reader.read(row));
                }
            }
            return read;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
