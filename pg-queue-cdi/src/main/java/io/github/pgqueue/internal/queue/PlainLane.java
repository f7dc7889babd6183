package io.github.pgqueue.internal.queue;

import io.github.pgqueue.QueueConfig;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.SchemaName;
import io.github.pgqueue.internal.jdbc.Text;
import io.github.pgqueue.queue.Job;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that need nothing but to be done: they are inserted and deleted, and never updated. A claim writes one lease for all
 * that it takes; an attempt that ends in any other way than complete takes its job into the other lane.
 */
final class PlainLane implements Lane {

    /**
     * What came of a takeover.
     *
     * @param moved how many jobs were taken
     * @param locked how many others somebody has locked
     */
    record TakenOver(long moved, long locked) {}

    private static final int SWEPT_AT_ONCE = 1000;

    private final QueueName queue;
    private final QueueConfig config;
    private final String claim;
    private final String complete;
    private final String completeAll;
    private final String putBack;
    private final String retry;
    private final String bury;
    private final String release;
    private final String releaseAll;
    private final String close;
    private final String renew;
    private final String takeOver;
    private final String terminateHolders;
    private final String resetCursor;
    private final String sweep;

    PlainLane(QueueName queue, QueueConfig config, SchemaName schema) {
        this.queue = queue;
        this.config = config;
        this.claim = schema.fill(LeaseSql.CLAIM, queue);
        this.complete = schema.fill(LeaseSql.COMPLETE, queue);
        this.completeAll = schema.fill(LeaseSql.COMPLETE_ALL, queue);
        this.putBack = schema.fill(LeaseSql.PUT_BACK, queue);
        this.retry = schema.fill(LeaseSql.RETRY, queue);
        this.bury = schema.fill(LeaseSql.BURY, queue);
        this.release = schema.fill(LeaseSql.RELEASE, queue);
        this.releaseAll = schema.fill(LeaseSql.RELEASE_ALL, queue);
        this.close = schema.fill(LeaseSql.CLOSE, queue);
        this.renew = schema.fill(LeaseSql.RENEW, queue);
        this.terminateHolders = schema.fill(LeaseSql.TERMINATE_HOLDERS, queue);
        this.takeOver = schema.fill(LeaseSql.TAKE_OVER, queue);
        this.resetCursor = schema.fill(LeaseSql.RESET_CURSOR, queue);
        this.sweep = schema.fill(LeaseSql.SWEEP, queue);
    }

    /**
     * Claims jobs under a lease of their own.
     *
     * @param limit how many at most
     * @param startable if there are no more than that, all of them begin at once, so that their loss is a failure
     */
    List<ClaimedRow> claim(Connection connection, int limit, int startable, String node) throws SQLException {
        UUID token = UUID.randomUUID();
        // Who allows only one attempt does not want a second one because the first may not have begun.
        int counted = config.maxAttempts() == 1 ? limit : startable;
        return Jdbc.query(
                connection,
                claim,
                statement -> {
                    statement.setString(1, node);
                    statement.setObject(2, token);
                    statement.setInt(3, limit);
                    statement.setInt(4, counted);
                    statement.setDouble(5, Jdbc.seconds(config.lease()));
                },
                row -> ClaimedRow.ofBatch(row, token));
    }

    @Override
    public boolean complete(Connection connection, Job<?> job) throws SQLException {
        return Jdbc.update(connection, complete, statement -> bindFence(statement, 1, job)) == 1;
    }

    @Override
    public List<Long> completeAll(Connection connection, Collection<? extends Job<?>> jobs) throws SQLException {
        return ids(connection, completeAll, jobs);
    }

    /** Puts a job back that this transaction has completed. */
    void putBack(Connection connection, ClaimedRow row) throws SQLException {
        Jdbc.update(connection, putBack, statement -> {
            statement.setLong(1, row.id());
            statement.setString(2, row.payload());
            statement.setString(3, row.headers());
            statement.setObject(4, Jdbc.timestamp(row.pushedAt()), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setInt(5, row.attempt());
            statement.setInt(6, row.failures());
            statement.setObject(7, row.maxAttempts(), Types.INTEGER);
        });
    }

    @Override
    public boolean retry(Connection connection, Job<?> job, Duration delay, @Nullable Throwable failure)
            throws SQLException {
        return Jdbc.update(connection, retry, statement -> {
                    statement.setDouble(1, Jdbc.seconds(delay));
                    statement.setInt(2, failure == null ? 0 : 1);
                    statement.setString(3, failure == null ? null : Text.error(failure));
                    bindFence(statement, 4, job);
                })
                == 1;
    }

    @Override
    public boolean bury(Connection connection, Job<?> job, Throwable cause) throws SQLException {
        return Jdbc.update(connection, bury, statement -> {
                    bindFence(statement, 1, job);
                    statement.setString(5, queue.value());
                    statement.setString(6, Text.error(cause));
                })
                == 1;
    }

    @Override
    public boolean release(Connection connection, Job<?> job) throws SQLException {
        return Jdbc.update(connection, release, statement -> bindFence(statement, 1, job)) == 1;
    }

    /** Gives jobs back, and tells the ids of those that were held. */
    List<Long> releaseAll(Connection connection, Collection<? extends Job<?>> jobs) throws SQLException {
        return ids(connection, releaseAll, jobs);
    }

    /**
     * Removes leases none of whose jobs is left; leaves those alone of which there are some.
     *
     * @param leases and for each whether it is known that none is left
     */
    void close(Connection connection, Map<LeaseKey, Boolean> leases) throws SQLException {
        Jdbc.query(
                connection,
                close,
                statement -> {
                    bindLeases(connection, statement, 1, leases.keySet());
                    statement.setArray(
                            3, connection.createArrayOf("bool", leases.values().toArray()));
                },
                row -> true);
    }

    /**
     * Renews leases, and gives back what they have besides the jobs given and those that a transaction has locked.
     *
     * @param leases the ids of the jobs of each; maybe none
     * @return the ids of those that are lost
     */
    Set<Long> renew(Connection connection, Map<LeaseKey, ? extends Collection<Long>> leases) throws SQLException {
        List<@Nullable Long> ids = new ArrayList<>();
        List<LeaseKey> keys = new ArrayList<>();
        leases.forEach((lease, jobs) -> {
            ids.add(null);
            ids.addAll(jobs);
            keys.addAll(Collections.nCopies(jobs.size() + 1, lease));
        });
        return Set.copyOf(Jdbc.query(
                connection,
                renew,
                statement -> {
                    statement.setArray(1, connection.createArrayOf("int8", ids.toArray()));
                    bindLeases(connection, statement, 2, keys);
                    statement.setDouble(4, Jdbc.seconds(config.lease()));
                },
                row -> row.getLong("id")));
    }

    /**
     * Takes the jobs of leases that have ended into the other lane.
     *
     * @param deadNode whose leases have ended too; null if there is none
     */
    TakenOver takeOver(Connection connection, @Nullable String deadNode) throws SQLException {
        return Jdbc.single(
                connection,
                takeOver,
                statement -> statement.setString(1, deadNode),
                row -> new TakenOver(row.getLong("moved"), row.getLong("locked")));
    }

    /**
     * Ends the sessions whose transactions hold jobs although the leases of these have ended for the time of another one:
     * their workers are frozen. Says so for each job.
     */
    void terminateHolders(Connection connection) throws SQLException {
        Holders.terminate(
                connection, terminateHolders, queue, statement -> statement.setDouble(1, Jdbc.seconds(config.lease())));
    }

    /** Repairs the cursor, if the ids of the queue began anew; to be done before a sweep. */
    void resetCursor(Connection connection) throws SQLException {
        Jdbc.query(connection, resetCursor, statement -> statement.setString(1, queue.value()), row -> true);
    }

    /**
     * Looks for jobs that nobody has and no claim will find, a thousand at a time, and takes them into the other lane.
     *
     * @param after the last id that was looked at
     * @return the same for the next call; empty if that was all
     */
    OptionalLong sweep(Connection connection, long after) throws SQLException {
        return Jdbc.single(
                connection,
                sweep,
                statement -> {
                    statement.setLong(1, after);
                    statement.setInt(2, SWEPT_AT_ONCE);
                },
                row -> {
                    long last = row.getLong("last");
                    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(last);
                });
    }

    /** Does it to the jobs that are held; their ids. */
    private static List<Long> ids(Connection connection, String sql, Collection<? extends Job<?>> jobs)
            throws SQLException {
        Map<String, List<Long>> held = new LinkedHashMap<>();
        for (Job<?> job : jobs) {
            held.computeIfAbsent(Objects.requireNonNull(job.lease()), lease -> new ArrayList<>())
                    .add(job.id());
        }
        List<LeaseKey> leases = held.keySet().stream().map(LeaseKey::parse).toList();
        Object[] ranges = held.values().stream().map(IdRanges::of).toArray();
        return Jdbc.single(
                connection,
                sql,
                statement -> {
                    bindLeases(connection, statement, 1, leases);
                    statement.setArray(3, connection.createArrayOf("text", ranges));
                },
                row -> {
                    Array ids = row.getArray("ids");
                    return ids == null ? List.of() : List.of((Long[]) ids.getArray());
                });
    }

    private static LeaseKey lease(Job<?> job) {
        return Objects.requireNonNull(LeaseKey.of(job));
    }

    private static void bindFence(PreparedStatement statement, int from, Job<?> job) throws SQLException {
        LeaseKey lease = lease(job);
        statement.setLong(from, job.id());
        statement.setInt(from + 1, job.attempt());
        statement.setLong(from + 2, lease.id());
        statement.setObject(from + 3, lease.token());
    }

    private static void bindLeases(
            Connection connection, PreparedStatement statement, int from, Collection<LeaseKey> leases)
            throws SQLException {
        Object[] ids = leases.stream().map(LeaseKey::id).toArray();
        Object[] tokens = leases.stream().map(LeaseKey::token).toArray();
        statement.setArray(from, connection.createArrayOf("int8", ids));
        statement.setArray(from + 1, connection.createArrayOf("uuid", tokens));
    }
}
