package io.github.pgqueue.it.soak;

import io.github.pgqueue.it.support.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/** The tables in which producers and workers write, in their own transactions, what they have done. */
final class Ledger {

    /** Reads one row. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /**
     * From the commit of a push to the start of its job.
     *
     * @param pushes of how many
     * @param half p50, in milliseconds
     * @param most p99
     * @param longest of all
     */
    record Delay(long pushes, double half, double most, double longest) {

        @Override
        public String toString() {
            return "p50 %.0f ms, p99 %.0f ms, longest %.0f ms, of %d".formatted(half, most, longest, pushes);
        }
    }

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final TestDatabase database;

    private Ledger(TestDatabase database) {
        this.database = database;
    }

    /** Makes the tables, and the queues. */
    static Ledger create(TestDatabase database) {
        database.execute(SoakSql.CREATE);
        for (Way way : Way.values()) {
            database.execute(
                    "SELECT pg_queue_create_queue('" + way.queue() + "')", SoakSql.WATCH.formatted(way.queue()));
        }
        return new Ledger(database);
    }

    /** Waits until no job is left, or nothing happens any more with those that are. */
    void awaitDone() {
        Stillness stillness = new Stillness();
        Awaitility.await("end of all jobs")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    List<String> rows = rows();
                    return rows.isEmpty() || stillness.lasts(rows);
                });
    }

    /** All jobs that are left, as they are. */
    List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (Way way : Way.values()) {
            rows.addAll(read(SoakSql.ROWS.formatted(way.queue()), row -> row.getString(1)));
        }
        return rows;
    }

    /** The leases that are left, as they are. */
    List<String> leases() {
        List<String> leases = new ArrayList<>();
        for (Way way : Way.values()) {
            leases.addAll(read(SoakSql.LEASES.formatted(way.queue()), row -> row.getString(1)));
        }
        return leases;
    }

    /** Since when nothing has changed. */
    private static final class Stillness {

        private static final Duration LONG = Duration.ofSeconds(20);

        private Object seen = "";
        private long since;

        boolean lasts(Object now) {
            if (!now.equals(seen)) {
                seen = now;
                since = System.nanoTime();
            }
            return System.nanoTime() - since > LONG.toNanos();
        }
    }

    private List<String> left(Way way) {
        return read(SoakSql.LEFT.formatted(way.queue()), row -> row.getString(1));
    }

    Findings findings() {
        Map<Way, Findings.Done> done = new TreeMap<>();
        for (Way way : Way.values()) {
            done.put(
                    way,
                    new Findings.Done(
                            read(SoakSql.EFFECTS, Ledger::attempt, way.queue()),
                            read(SoakSql.ENDS, Ledger::attempt, way.queue()),
                            read(SoakSql.UNWORKED, Ledger::attempt, way.queue()),
                            left(way)));
        }
        return new Findings(
                new HashSet<>(read(SoakSql.PUSHED, row -> row.getString(1))),
                read(SoakSql.STARTS, Ledger::attempt),
                done,
                read(SoakSql.DEAD, row -> row.getString(1)));
    }

    /** How long leased jobs took to start whose pushes were committed that long after they were made, or sooner. */
    Delay delay(boolean prepared, Duration from, Duration to) {
        return read(
                        SoakSql.DELAYS,
                        row -> new Delay(
                                row.getLong("pushes"),
                                row.getDouble("half"),
                                row.getDouble("most"),
                                row.getDouble("longest")),
                        prepared,
                        from.toMillis() / 1e3,
                        to.toMillis() / 1e3)
                .get(0);
    }

    private static Attempt attempt(ResultSet row) throws SQLException {
        return new Attempt(row.getString("key"), row.getInt("attempt"));
    }

    private <T> List<T> read(String sql, Reader<T> reader, Object... arguments) {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int index = 0; index < arguments.length; index++) {
                statement.setObject(index + 1, arguments[index]);
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(reader.read(row));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
