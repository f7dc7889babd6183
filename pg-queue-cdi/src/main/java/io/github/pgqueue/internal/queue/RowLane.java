package io.github.pgqueue.internal.queue;

import io.github.pgqueue.QueueConfig;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.SchemaName;
import io.github.pgqueue.internal.jdbc.Text;
import io.github.pgqueue.queue.Job;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that need more than to be done once: delayed, tried again, given back, lost by a dead worker, or with somebody who
 * waits for the answer. A claim writes the lease into the job's own row.
 */
final class RowLane implements Lane {

    /**
     * What a fenced completion with an answer came to.
     *
     * @param completed whether the attempt held the job
     * @param replyTo the channel of the caller, if this was the first answer
     */
    record Answered(boolean completed, @Nullable String replyTo) {}

    private final QueueName queue;
    private final QueueConfig config;
    private final String pop;
    private final String complete;
    private final String completeAll;
    private final String completeWithAnswer;
    private final String lock;
    private final String retry;
    private final String bury;
    private final String release;
    private final String renew;
    private final String endLeases;
    private final String hold;
    private final String terminateHolders;

    /** When somebody here last looked for holders, as {@link System#nanoTime()} tells. */
    private final AtomicLong lookedAt;

    RowLane(QueueName queue, QueueConfig config, SchemaName schema) {
        this.queue = queue;
        this.config = config;
        this.pop = schema.fill(QueueSql.POP, queue);
        this.complete = schema.fill(QueueSql.COMPLETE, queue);
        this.completeAll = schema.fill(QueueSql.COMPLETE_ALL, queue);
        this.completeWithAnswer = schema.fill(QueueSql.COMPLETE_WITH_ANSWER, queue);
        this.lock = schema.fill(QueueSql.LOCK, queue);
        this.retry = schema.fill(QueueSql.RETRY, queue);
        this.bury = schema.fill(QueueSql.BURY, queue);
        this.release = schema.fill(QueueSql.RELEASE, queue);
        this.renew = schema.fill(QueueSql.RENEW, queue);
        this.endLeases = schema.fill(QueueSql.END_LEASES, queue);
        this.hold = schema.fill(QueueSql.HOLD, queue);
        this.terminateHolders = schema.fill(QueueSql.TERMINATE_HOLDERS, queue);
        this.lookedAt = new AtomicLong(System.nanoTime());
    }

    /** Claims up to so many that are ready, those first whose lease has ended. */
    List<ClaimedRow> claim(Connection connection, int limit, String node) throws SQLException {
        return Jdbc.query(
                connection,
                pop,
                statement -> {
                    statement.setInt(1, config.maxAttempts());
                    statement.setInt(2, limit);
                    statement.setString(3, queue.value());
                    statement.setInt(4, limit);
                    statement.setDouble(5, Jdbc.seconds(config.lease()));
                    statement.setString(6, node);
                    statement.setInt(7, config.maxAttempts());
                },
                ClaimedRow::ofRow);
    }

    /** Lets the leases of a node end now, and tells how many jobs it held. */
    int endLeases(Connection connection, String node) throws SQLException {
        return Jdbc.update(connection, endLeases, statement -> statement.setString(1, node));
    }

    @Override
    public boolean complete(Connection connection, Job<?> job) throws SQLException {
        return Jdbc.update(connection, complete, statement -> bindFence(statement, 1, job)) == 1;
    }

    @Override
    public List<Long> completeAll(Connection connection, Collection<? extends Job<?>> jobs) throws SQLException {
        return Jdbc.query(
                connection,
                completeAll,
                statement -> bindFences(connection, statement, jobs),
                row -> row.getLong("id"));
    }

    /** Removes a request, and answers it. */
    Answered completeWithAnswer(Connection connection, Job<?> job, Answer answer) throws SQLException {
        return Jdbc.single(
                connection,
                completeWithAnswer,
                statement -> {
                    bindFence(statement, 1, job);
                    answer.bind(statement, 3);
                },
                row -> new Answered(row.getLong("completed") == 1, row.getString("reply_to")));
    }

    /** Locks the job's row until the transaction ends. */
    boolean lock(Connection connection, Job<?> job) throws SQLException {
        return !Jdbc.query(connection, lock, statement -> bindFence(statement, 1, job), row -> true)
                .isEmpty();
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
                    statement.setString(3, queue.value());
                    statement.setString(4, Text.error(cause));
                })
                == 1;
    }

    @Override
    public boolean release(Connection connection, Job<?> job) throws SQLException {
        return Jdbc.update(connection, release, statement -> bindFence(statement, 1, job)) == 1;
    }

    /** Renews the leases of jobs, and tells the ids of those that were held. */
    List<Long> renew(Connection connection, Collection<? extends Job<?>> jobs) throws SQLException {
        return Jdbc.query(
                connection,
                renew,
                statement -> {
                    bindFences(connection, statement, jobs);
                    statement.setDouble(3, Jdbc.seconds(config.lease()));
                },
                row -> row.getLong("id"));
    }

    /** Says that jobs which transactions of this node have locked are still worked. */
    void hold(Connection connection, Collection<? extends Job<?>> jobs) throws SQLException {
        Jdbc.update(connection, hold, statement -> {
            statement.setString(1, queue.value());
            statement.setDouble(2, Jdbc.seconds(config.lease()));
            statement.setArray(
                    3,
                    connection.createArrayOf("int8", jobs.stream().map(Job::id).toArray()));
        });
    }

    /**
     * Ends the sessions whose transactions hold jobs although the leases of these have ended for the time of another one,
     * and whose workers do not say that they go on: they are frozen. Says so for each job. Looks three times a lease at
     * most, whoever calls.
     */
    void terminateHolders(Connection connection) throws SQLException {
        long before = lookedAt.get();
        long now = System.nanoTime();
        if (now - before < config.lease().dividedBy(3).toNanos() || !lookedAt.compareAndSet(before, now)) {
            return;
        }
        Holders.terminate(connection, terminateHolders, queue, statement -> {
            statement.setDouble(1, Jdbc.seconds(config.lease()));
            statement.setString(2, queue.value());
        });
    }

    private static void bindFence(PreparedStatement statement, int from, Job<?> job) throws SQLException {
        statement.setLong(from, job.id());
        statement.setInt(from + 1, job.attempt());
    }

    private static void bindFences(
            Connection connection, PreparedStatement statement, Collection<? extends Job<?>> jobs) throws SQLException {
        Object[] ids = jobs.stream().map(Job::id).toArray();
        Object[] attempts = jobs.stream().map(Job::attempt).toArray();
        statement.setArray(1, connection.createArrayOf("int8", ids));
        statement.setArray(2, connection.createArrayOf("int4", attempts));
    }
}
