package io.github.pgqueue.it.soak;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.PgQueueOperations;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.PushOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Some threads that push, whether the database is there or not. Each transaction writes rows, pushes a job to every queue
 * for each of them, is held for up to three seconds, and ends in one of several ways.
 */
final class Producers implements AutoCloseable {

    private static final int THREADS = 8;
    private static final int MOST = 10;
    private static final Duration QUICK = Duration.ofMillis(20);
    private static final Duration LONGEST = Duration.ofSeconds(3);
    private static final Duration LATE = Duration.ofMillis(250);
    private static final Duration PAUSE = Duration.ofMillis(30);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);

    /** By which door jobs are pushed. */
    private enum Door {
        PUSH,
        PUSH_ALL,
        INSERT,
        FUNCTION
    }

    /** How a transaction ends. */
    private enum End {
        COMMIT,
        ROLLBACK,
        PREPARE_AND_COMMIT,
        PREPARE_AND_ROLLBACK;

        boolean prepares() {
            return this == PREPARE_AND_COMMIT || this == PREPARE_AND_ROLLBACK;
        }
    }

    private final DataSource dataSource;
    private final PgQueueManager manager;
    private final Tally tally;
    private final Threads threads = new Threads();
    private final Span span = threads.span();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> undone = ConcurrentHashMap.newKeySet();

    Producers(DataSource dataSource, Tally tally, long seed) {
        this.dataSource = dataSource;
        this.manager = PgQueueManager.builder(dataSource).build();
        this.tally = tally;
        for (int number = 0; number < THREADS; number++) {
            String name = "p" + number;
            Random random = new Random(seed + number);
            threads.start("producer " + name, () -> run(name, random));
        }
    }

    private void run(String name, Random random) throws InterruptedException {
        for (int transaction = 0; !span.over(); transaction++) {
            String prefix = name + "-" + transaction + "-";
            List<String> keys = IntStream.rangeClosed(0, random.nextInt(MOST))
                    .mapToObj(number -> prefix + number)
                    .toList();
            push(keys, end(random), random);
            span.rest(upTo(PAUSE, random));
        }
    }

    private static End end(Random random) {
        int chance = random.nextInt(100);
        if (chance < 10) {
            return End.ROLLBACK;
        }
        return chance < 18 ? End.PREPARE_AND_COMMIT : chance < 20 ? End.PREPARE_AND_ROLLBACK : End.COMMIT;
    }

    private static Duration upTo(Duration longest, Random random) {
        return Duration.ofNanos((long) (longest.toNanos() * random.nextDouble()));
    }

    /** Once it is to be ended, only that the end returns tells what became of it. */
    private void push(List<String> keys, End end, Random random) throws InterruptedException {
        boolean ending = false;
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            if (end.prepares()) {
                for (Way way : Way.values()) {
                    execute(connection, SoakSql.BE_QUIET.formatted(way.queue()));
                }
            }
            write(connection, keys, end.prepares(), random);
            Duration held = upTo(random.nextBoolean() ? QUICK : LONGEST, random);
            span.rest(held);
            ending = true;
            end(connection, keys, end, random);
            if (end == End.COMMIT && held.compareTo(LATE) > 0) {
                tally.count(Event.PUSH_COMMITTED_LATE);
            }
        } catch (SQLException | StorageException databaseAway) {
            if (!ending) {
                undone.addAll(keys);
            }
            span.rest(PAUSE);
        }
    }

    private void write(Connection connection, List<String> keys, boolean prepared, Random random) throws SQLException {
        Door door = Door.values()[random.nextInt(Door.values().length)];
        @Nullable Duration delay = random.nextInt(10) == 0 ? upTo(LONGEST_DELAY, random) : null;
        try (PreparedStatement insert = connection.prepareStatement(SoakSql.WRITE_PUSHED)) {
            insert.setBoolean(1, prepared);
            insert.setBoolean(2, delay != null);
            insert.setArray(3, connection.createArrayOf("text", keys.toArray()));
            insert.executeUpdate();
        }
        for (Way way : Way.values()) {
            push(connection, way, door, keys, delay);
        }
        if (delay != null) {
            tally.count(Event.PUSH_DELAYED);
        }
        if (door == Door.INSERT || door == Door.FUNCTION) {
            tally.count(Event.PUSH_BY_SQL);
        }
    }

    private void push(Connection connection, Way way, Door door, List<String> keys, @Nullable Duration delay)
            throws SQLException {
        PgQueueOperations inside = manager.using(connection);
        JobQueue<String> queue = inside.queue(way.queue(), String.class);
        PushOptions options =
                delay == null ? PushOptions.none() : PushOptions.none().withDelay(delay);
        switch (door) {
            case PUSH -> keys.forEach(key -> queue.push(key, options));
            case PUSH_ALL -> queue.pushAll(keys, options);
            case INSERT -> insert(connection, way, keys, delay);
            case FUNCTION -> callFunction(connection, way, keys, delay);
        }
    }

    private static void insert(Connection connection, Way way, List<String> keys, @Nullable Duration delay)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(SoakSql.INSERT.formatted(way.queue()))) {
            for (String key : keys) {
                insert.setString(1, key);
                setSeconds(insert, 2, delay);
                insert.executeUpdate();
            }
        }
    }

    private static void callFunction(Connection connection, Way way, List<String> keys, @Nullable Duration delay)
            throws SQLException {
        try (PreparedStatement push = connection.prepareStatement(SoakSql.PUSH)) {
            for (String key : keys) {
                push.setString(1, way.queue());
                push.setString(2, key);
                setSeconds(push, 3, delay);
                push.execute();
            }
        }
    }

    private static void setSeconds(PreparedStatement statement, int index, @Nullable Duration delay)
            throws SQLException {
        if (delay == null) {
            statement.setNull(index, Types.DOUBLE);
        } else {
            statement.setDouble(index, delay.toNanos() / 1e9);
        }
    }

    private void end(Connection connection, List<String> keys, End end, Random random) throws SQLException {
        switch (end) {
            case COMMIT -> {
                connection.commit();
                acknowledged.addAll(keys);
            }
            case ROLLBACK -> {
                undone.addAll(keys);
                connection.rollback();
                tally.count(Event.PUSH_ROLLED_BACK);
            }
            case PREPARE_AND_COMMIT -> {
                PreparedTransactions.prepare(connection, /* commit= */ true, random);
                tally.count(Event.PUSH_PREPARED);
            }
            case PREPARE_AND_ROLLBACK -> {
                undone.addAll(keys);
                PreparedTransactions.prepare(connection, /* commit= */ false, random);
                tally.count(Event.PUSH_PREPARED);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What was surely committed. */
    Set<String> acknowledged() {
        return acknowledged;
    }

    /** What was surely not, and will not be. */
    Set<String> undone() {
        return undone;
    }

    /** Returns when everything is ended, but what is prepared. */
    @Override
    public void close() {
        threads.close();
        manager.close();
    }
}
