package io.github.pgqueue.internal.queue;

import io.github.pgqueue.QueueConfig;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.internal.jdbc.AllOrNone;
import io.github.pgqueue.internal.jdbc.Copy;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.SchemaName;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.PushOptions;
import io.github.pgqueue.queue.QueueStats;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What goes into one queue, and what there is to know about it; its two lanes are how jobs come out. Each method is one
 * statement on the connection given. Knows no transaction, no codec and no wake-up. Thread-safe.
 */
public final class QueueStore {

    /**
     * What a sleeper has to know.
     *
     * @param due how long until the next delayed job or the end of a lease; null if there is none
     * @param overdue whether one has been due for a second and more
     * @param ready whether there are jobs that no claim has come to yet
     * @param oldest every transaction before this one has ended
     */
    record Look(@Nullable Duration due, boolean overdue, boolean ready, long oldest) {}

    /**
     * Which transactions run.
     *
     * @param oldest every transaction before this one has ended
     * @param newest no transaction from this one on had begun
     */
    record Running(long oldest, long newest) {}

    private final QueueName queue;
    private final QueueConfig config;
    private final SchemaName schema;
    private final PlainLane plain;
    private final RowLane rows;
    private final SharedClaims<ClaimedRow> pops = new SharedClaims<>(DefaultJobQueue.MAX_LIMIT);
    private final String push;
    private final String pushQuietly;
    private final String pushAll;
    private final String pushAllQuietly;
    private final String copy;
    private final String copyAsleep;
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
        this.plain = new PlainLane(queue, config, schema);
        this.rows = new RowLane(queue, config, schema);
        this.push = schema.fill(QueueSql.PUSH, queue);
        this.pushQuietly = schema.fill(QueueSql.PUSH_QUIETLY, queue);
        this.pushAll = schema.fill(QueueSql.PUSH_ALL, queue);
        this.pushAllQuietly = schema.fill(QueueSql.PUSH_ALL_QUIETLY, queue);
        this.copy = schema.fill(QueueSql.COPY, queue);
        this.copyAsleep = schema.fill(QueueSql.COPY_ASLEEP, queue);
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

    /** Where jobs are that need nothing but to be done. */
    PlainLane plain() {
        return plain;
    }

    /** Where jobs are that need more. */
    RowLane rows() {
        return rows;
    }

    /** The claims that those share who pop on this node. */
    SharedClaims<ClaimedRow> pops() {
        return pops;
    }

    /** The lane of a claimed job. */
    Lane lane(Job<?> job) {
        return job.lease() == null ? rows : plain;
    }

    /** Removes jobs of either lane, and tells the ids of those that were held. */
    List<Long> completeAll(Connection connection, Collection<? extends Job<?>> jobs) throws SQLException {
        List<Long> completed = new ArrayList<>();
        for (Lane lane : List.of(plain, rows)) {
            List<Job<?>> own = new ArrayList<>();
            jobs.stream().filter(job -> lane(job) == lane).forEach(own::add);
            if (!own.isEmpty()) {
                completed.addAll(lane.completeAll(connection, own));
            }
        }
        return completed;
    }

    /**
     * Jobs that have been stored.
     *
     * @param jobs how many
     * @param ids in the order of the payloads; none where they are not asked for
     * @param asleep whether somebody may have to be woken when the transaction has ended
     */
    record Pushed(long jobs, List<Long> ids, boolean asleep) {

        static Pushed of(List<Long> ids, boolean asleep) {
            return new Pushed(ids.size(), ids, asleep);
        }
    }

    Pushed push(Connection connection, String payload, @Nullable String headers, PushOptions options, boolean quietly)
            throws SQLException {
        return Jdbc.single(
                connection,
                quietly ? pushQuietly : push,
                statement -> {
                    statement.setString(1, payload);
                    bindOptions(statement, 2, headers, options);
                },
                row -> Pushed.of(List.of(row.getLong("id")), quietly && row.getBoolean("asleep")));
    }

    Pushed pushAll(
            Connection connection,
            List<String> payloads,
            @Nullable String headers,
            PushOptions options,
            boolean quietly)
            throws SQLException {
        boolean[] asleep = new boolean[1];
        List<Long> ids = Jdbc.query(
                connection,
                quietly ? pushAllQuietly : pushAll,
                statement -> {
                    bindOptions(statement, 1, headers, options);
                    statement.setArray(5, connection.createArrayOf("text", payloads.toArray()));
                },
                row -> {
                    asleep[0] = quietly && row.getBoolean("asleep");
                    return row.getLong("id");
                });
        return Pushed.of(ids, asleep[0]);
    }

    /**
     * Stores jobs portion by portion, all or none. Nothing else goes on at the connection while the next payloads are asked
     * for: they may come from it.
     *
     * @param portions at least one
     * @param inTransaction whether the connection is in a transaction
     */
    Pushed pushStream(
            Connection connection,
            Iterator<List<String>> portions,
            @Nullable String headers,
            PushOptions options,
            boolean inTransaction)
            throws SQLException {
        String rest = Jdbc.single(
                connection,
                QueueSql.COPY_TIMES,
                statement -> {
                    statement.setObject(1, Jdbc.timestamp(options.runAt()), Types.TIMESTAMP_WITH_TIMEZONE);
                    statement.setObject(2, delay(options), Types.DOUBLE);
                },
                row -> rest(
                        headers,
                        Jdbc.instantOrNull(row, "run_at"),
                        options.maxAttempts(),
                        Jdbc.instant(row, "pushed_at")));
        Storing storing = Copy.supports(connection)
                ? portion -> Copy.rows(connection, copy, rows(portion, rest))
                : portion -> pushAll(connection, portion, headers, options, /* quietly= */ true);
        long jobs = storeAll(connection, portions, storing, inTransaction);
        boolean asleep = Jdbc.single(connection, copyAsleep, Jdbc.Binder.NONE, row -> row.getBoolean("asleep"));
        return new Pushed(jobs, List.of(), asleep);
    }

    /** Stores one portion. */
    @FunctionalInterface
    private interface Storing {
        void store(List<String> portion) throws SQLException;
    }

    /** One statement is enough for one portion; what fails before it has touched nothing. */
    private static long storeAll(
            Connection connection, Iterator<List<String>> portions, Storing storing, boolean inTransaction)
            throws SQLException {
        List<String> first = portions.next();
        if (!portions.hasNext()) {
            storing.store(first);
            return first.size();
        }
        return AllOrNone.run(connection, inTransaction, same -> {
            storing.store(first);
            long jobs = first.size();
            while (portions.hasNext()) {
                List<String> next = portions.next();
                storing.store(next);
                jobs += next.size();
            }
            return jobs;
        });
    }

    private static String rows(List<String> payloads, String rest) {
        StringBuilder rows = new StringBuilder();
        for (String payload : payloads) {
            Copy.append(rows, payload);
            rows.append(rest);
        }
        return rows.toString();
    }

    /** All of a row but its payload. */
    private static String rest(@Nullable Object... fields) {
        StringBuilder rest = new StringBuilder();
        for (Object field : fields) {
            rest.append('\t');
            Copy.append(rest, field);
        }
        return rest.append('\n').toString();
    }

    private static void bindOptions(
            PreparedStatement statement, int from, @Nullable String headers, PushOptions options) throws SQLException {
        statement.setString(from, headers);
        statement.setObject(from + 1, Jdbc.timestamp(options.runAt()), Types.TIMESTAMP_WITH_TIMEZONE);
        statement.setObject(from + 2, delay(options), Types.DOUBLE);
        statement.setObject(from + 3, options.maxAttempts(), Types.INTEGER);
    }

    /** None puts the job into the plain lane. One that may fail only once counts its loss too, which that lane does not. */
    private static @Nullable Double delay(PushOptions options) {
        Duration delay = options.delay();
        if (delay != null && !delay.isZero()) {
            return Jdbc.seconds(delay);
        }
        return Integer.valueOf(1).equals(options.maxAttempts()) ? Double.valueOf(0) : null;
    }

    int expire(Connection connection) throws SQLException {
        return Jdbc.update(connection, expire, Jdbc.Binder.NONE);
    }

    Look look(Connection connection) throws SQLException {
        return Jdbc.single(connection, look, Jdbc.Binder.NONE, row -> {
            double due = row.getDouble("due");
            Duration wait = row.wasNull() ? null : Duration.ofNanos((long) (Math.max(0, due) * 1e9));
            return new Look(wait, row.getBoolean("overdue"), row.getBoolean("ready"), row.getLong("oldest"));
        });
    }

    Running running(Connection connection) throws SQLException {
        return Jdbc.single(
                connection,
                QueueSql.RUNNING,
                Jdbc.Binder.NONE,
                row -> new Running(row.getLong("oldest"), row.getLong("newest")));
    }

    void sleep(Connection connection, String node, Duration until) throws SQLException {
        Jdbc.query(
                connection,
                sleep,
                statement -> {
                    statement.setString(1, queue.value());
                    statement.setString(2, node);
                    statement.setDouble(3, Jdbc.seconds(until));
                },
                row -> true);
    }

    void wake(Connection connection, String node) throws SQLException {
        Jdbc.query(
                connection,
                wake,
                statement -> {
                    statement.setString(1, queue.value());
                    statement.setString(2, node);
                },
                row -> true);
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
}
