package io.github.pgqueue.it.bench;

import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Writing to a cache while a million entries that have expired are being removed from it: those that are written are
 * among them. Beside it the same writes to a cache that nobody sweeps.
 */
final class SweepScenario implements Scenario {

    private static final int EXPIRED = 1_000_000;
    private static final int IDLE_WRITES = 5_000;
    private static final int WRITERS = 2;
    private static final Duration HOUR = Duration.ofHours(1);

    @Override
    public List<String> names() {
        return List.of("put-during-sweep");
    }

    @Override
    public List<Figure> measure(TestDatabase database, Rounds rounds, Knobs knobs) throws Exception {
        Candidate swept = scale -> new Swept(database, Candidate.scaled(EXPIRED, scale), /* sweeps= */ true);
        Candidate idle = scale -> new Swept(database, Candidate.scaled(EXPIRED, scale), /* sweeps= */ false);
        String detail = "of " + Candidate.scaled(EXPIRED, knobs.scale()) + " expired";
        return rounds.compare(List.of(new Comparison("put-during-sweep", WRITERS, detail, Measure.P99, swept, idle)));
    }

    private static final class Swept implements Candidate.Trial {

        private final TestDatabase database;
        private final int expired;
        private final boolean sweeps;
        private final AgroalDataSource pool;
        private final PgQueueManager manager;
        private final PgCache cache;

        Swept(TestDatabase database, int expired, boolean sweeps) throws SQLException {
            this.database = database;
            this.expired = expired;
            this.sweeps = sweeps;
            this.pool = NarayanaPool.APART.open(database.database(), WRITERS + 2, Duration.ofMinutes(1));
            this.manager = PgQueueManager.builder(pool)
                    .config(PgQueueConfig.defaults())
                    .build();
            this.cache = manager.cache("swept");
            execute(BenchSql.FILL_EXPIRED, expired);
            for (int key = 0; key < WRITERS; key++) {
                cache.set("warm" + key, key, HOUR);
            }
        }

        @Override
        public Timing run() throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
            try {
                Future<Long> sweep = sweeps ? threads.submit(cache::cleanupExpired) : threads.submit(() -> 0L);
                List<Future<long[]>> writers = threads.invokeAll(List.of(writer(sweep, 0), writer(sweep, 1)));
                if (sweeps && sweep.get() < expired / 2) {
                    throw new IllegalStateException("the sweep removed " + sweep.get() + " of " + expired);
                }
                return Timing.each(joined(writers));
            } finally {
                threads.shutdownNow();
                threads.awaitTermination(1, TimeUnit.MINUTES);
            }
        }

        /** Writes while the sweep goes on, and if there is none, a number of times. */
        private Callable<long[]> writer(Future<Long> sweep, int number) {
            return () -> {
                long[] nanos = new long[1_000];
                int writes = 0;
                while (sweeps ? !sweep.isDone() : writes < IDLE_WRITES) {
                    if (writes == nanos.length) {
                        nanos = Arrays.copyOf(nanos, 2 * writes);
                    }
                    long key = (writes * 7_919L * WRITERS + number) % expired;
                    long begin = System.nanoTime();
                    cache.set("k" + key, "a value of some size", HOUR);
                    nanos[writes++] = System.nanoTime() - begin;
                }
                return Arrays.copyOf(nanos, writes);
            };
        }

        private static long[] joined(List<Future<long[]>> parts) throws Exception {
            long[] all = new long[0];
            for (Future<long[]> part : parts) {
                long[] more = part.get();
                int before = all.length;
                all = Arrays.copyOf(all, before + more.length);
                System.arraycopy(more, 0, all, before, more.length);
            }
            return all;
        }

        private void execute(String sql, int count) throws SQLException {
            try (Connection connection = database.connect();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, count);
                statement.executeUpdate();
            }
        }

        @Override
        public void close() {
            cache.clear();
            manager.close();
            pool.close();
        }
    }
}
