package io.github.pgqueue.internal.queue;

import io.github.pgqueue.QueueConfig;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.SchemaName;
import io.github.pgqueue.internal.jdbc.Text;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.PushOptions;
import io.github.pgqueue.queue.QueueStats;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one queue: each method is one statement on the connection given. Fenced ones tell whether the attempt
 * still held the job. Knows no transaction, no codec and no wake-up. Thread-safe.
 */
public final class QueueStore {

    /**
     * What a fenced completion with an answer came to.
     *
     * @param completed whether the attempt held the job
     * @param replyTo the channel of the caller, if this was the first answer
     */
    record Answered(boolean completed, @Nullable String replyTo) {}

    /**
     * What a sleeper has to know.
     *
     * @param due seconds until the next delayed job or ended lease; null if there is none
     * @param oldest every transaction before this one has ended
     * @param newest no transaction from this one on had begun
     */
    record Look(@Nullable Duration due, long oldest, long newest) {}

    private final QueueName queue;
    private final QueueConfig config;
    private final SchemaName schema;
    private final String push;
    private final String pushQuietly;
    private final String pushAll;
    private final String pushAllQuietly;
    private final String pop;
    private final String complete;
    private final String completeAll;
    private final String completeWithAnswer;
    private final String lock;
    private final String retry;
    private final String bury;
    private final String release;
    private final String renew;
    private final String expire;
    private final String look;
    private final String sleep;
    private final String wake;
    private final String pendingCount;
    private final String stats;

    QueueStore(QueueName queue, QueueConfig config, SchemaName schema) {
        this.queue = queue;
        this.config = config;
        this.schema = schema;
        this.push = schema.fill(QueueSql.PUSH, queue);
        this.pushQuietly = schema.fill(QueueSql.PUSH_QUIETLY, queue);
        this.pushAll = schema.fill(QueueSql.PUSH_ALL, queue);
        this.pushAllQuietly = schema.fill(QueueSql.PUSH_ALL_QUIETLY, queue);
        this.pop = schema.fill(QueueSql.POP, queue);
        this.complete = schema.fill(QueueSql.COMPLETE, queue);
        this.completeAll = schema.fill(QueueSql.COMPLETE_ALL, queue);
        this.completeWithAnswer = schema.fill(QueueSql.COMPLETE_WITH_ANSWER, queue);
        this.lock = schema.fill(QueueSql.LOCK, queue);
        this.retry = schema.fill(QueueSql.RETRY, queue);
        this.bury = schema.fill(QueueSql.BURY, queue);
        this.release = schema.fill(QueueSql.RELEASE, queue);
        this.renew = schema.fill(QueueSql.RENEW, queue);
        this.expire = schema.fill(QueueSql.EXPIRE, queue);
        this.look = schema.fill(QueueSql.LOOK, queue);
        this.sleep = schema.fill(QueueSql.SLEEP, queue);
        this.wake = schema.fill(QueueSql.WAKE, queue);
        this.pendingCount = schema.fill(QueueSql.PENDING_COUNT, queue);
        this.stats = schema.fill(QueueSql.STATS, queue);
    }

    QueueName queue() {
        return queue;
    }

    SchemaName schema() {
        return schema;
    }

    QueueConfig config() {
        return config;
    }

    long push(Connection connection, String payload, @Nullable String headers, PushOptions options, boolean quietly)
            throws SQLException {
        return Jdbc.single(
                connection,
                quietly ? pushQuietly : push,
                statement -> {
                    statement.setString(1, payload);
                    bindOptions(statement, 2, headers, options);
                },
                row -> row.getLong("id"));
    }

    List<Long> pushAll(
            Connection connection,
            List<String> payloads,
            @Nullable String headers,
            PushOptions options,
            boolean quietly)
            throws SQLException {
        return Jdbc.query(
                connection,
                quietly ? pushAllQuietly : pushAll,
                statement -> {
                    bindOptions(statement, 1, headers, options);
                    statement.setArray(5, connection.createArrayOf("text", payloads.toArray()));
                },
                row -> row.getLong("id"));
    }

    private static void bindOptions(
            PreparedStatement statement, int from, @Nullable String headers, PushOptions options) throws SQLException {
        statement.setString(from, headers);
        statement.setObject(from + 1, Jdbc.timestamp(options.runAt()), Types.TIMESTAMP_WITH_TIMEZONE);
        Duration delay = options.delay();
        statement.setDouble(from + 2, delay == null ? 0 : Jdbc.seconds(delay));
        statement.setObject(from + 3, options.maxAttempts(), Types.INTEGER);
    }

    List<ClaimedRow> pop(Connection connection, int limit, String node) throws SQLException {
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
                ClaimedRow::of);
    }

    boolean complete(Connection connection, long id, int attempt) throws SQLException {
        return Jdbc.update(connection, complete, statement -> bindFence(statement, 1, id, attempt)) == 1;
    }

    List<Long> completeAll(Connection connection, Collection<? extends Job<?>> jobs) throws SQLException {
        return Jdbc.query(
                connection,
                completeAll,
                statement -> bindFences(connection, statement, jobs),
                row -> row.getLong("id"));
    }

    Answered completeWithAnswer(Connection connection, long id, int attempt, Answer answer) throws SQLException {
        return Jdbc.single(
                connection,
                completeWithAnswer,
                statement -> {
                    bindFence(statement, 1, id, attempt);
                    answer.bind(statement, 3);
                },
                row -> new Answered(row.getLong("completed") == 1, row.getString("reply_to")));
    }

    boolean lock(Connection connection, long id, int attempt) throws SQLException {
        return !Jdbc.query(connection, lock, statement -> bindFence(statement, 1, id, attempt), row -> true)
                .isEmpty();
    }

    boolean retry(Connection connection, long id, int attempt, Duration delay, @Nullable Throwable failure)
            throws SQLException {
        return Jdbc.update(connection, retry, statement -> {
                    statement.setDouble(1, Jdbc.seconds(delay));
                    statement.setInt(2, failure == null ? 0 : 1);
                    statement.setString(3, failure == null ? null : Text.error(failure));
                    bindFence(statement, 4, id, attempt);
                })
                == 1;
    }

    boolean bury(Connection connection, long id, int attempt, Throwable cause) throws SQLException {
        return Jdbc.update(connection, bury, statement -> {
                    bindFence(statement, 1, id, attempt);
                    statement.setString(3, queue.value());
                    statement.setString(4, Text.error(cause));
                })
                == 1;
    }

    boolean release(Connection connection, long id, int attempt) throws SQLException {
        return Jdbc.update(connection, release, statement -> bindFence(statement, 1, id, attempt)) == 1;
    }

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

    int expire(Connection connection) throws SQLException {
        return Jdbc.update(connection, expire, Jdbc.Binder.NONE);
    }

    Look look(Connection connection) throws SQLException {
        return Jdbc.single(connection, look, Jdbc.Binder.NONE, row -> {
            double due = row.getDouble("due");
            Duration wait = row.wasNull() ? null : Duration.ofNanos((long) (Math.max(0, due) * 1e9));
            return new Look(wait, row.getLong("oldest"), row.getLong("newest"));
        });
    }

    void sleep(Connection connection, String node, Duration until) throws SQLException {
        Jdbc.update(connection, sleep, statement -> {
            statement.setString(1, queue.value());
            statement.setString(2, node);
            statement.setDouble(3, Jdbc.seconds(until));
        });
    }

    void wake(Connection connection, String node) throws SQLException {
        Jdbc.update(connection, wake, statement -> {
            statement.setString(1, queue.value());
            statement.setString(2, node);
        });
    }

    long pendingCount(Connection connection) throws SQLException {
        return Jdbc.single(connection, pendingCount, Jdbc.Binder.NONE, row -> row.getLong(1));
    }

    QueueStats stats(Connection connection) throws SQLException {
        return Jdbc.single(connection, stats, statement -> statement.setString(1, queue.value()), row -> {
            double oldest = row.getDouble("oldest_ready");
            Duration oldestReady = row.wasNull() ? null : Duration.ofNanos((long) (oldest * 1e9));
            return new QueueStats(
                    row.getLong("ready"),
                    row.getLong("scheduled"),
                    row.getLong("running"),
                    row.getLong("dead"),
                    oldestReady);
        });
    }

    /** Answers a request without touching its job. Returns the channel of the caller if this was the first answer. */
    static Optional<String> answer(Connection connection, SchemaName schema, UUID requestId, Answer answer)
            throws SQLException {
        return Jdbc.query(
                        connection,
                        schema.fill(QueueSql.ANSWER),
                        statement -> {
                            answer.bind(statement, 1);
                            statement.setObject(5, requestId);
                        },
                        row -> row.getString("reply_to"))
                .stream()
                .findFirst();
    }

    private static void bindFence(PreparedStatement statement, int from, long id, int attempt) throws SQLException {
        statement.setLong(from, id);
        statement.setInt(from + 1, attempt);
    }

    private static void bindFences(
            Connection connection, PreparedStatement statement, Collection<? extends Job<?>> jobs) throws SQLException {
        Array ids = connection.createArrayOf("int8", jobs.stream().map(Job::id).toArray());
        Array attempts =
                connection.createArrayOf("int4", jobs.stream().map(Job::attempt).toArray());
        statement.setArray(1, ids);
        statement.setArray(2, attempts);
    }
}
