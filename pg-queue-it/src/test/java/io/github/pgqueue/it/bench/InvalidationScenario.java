package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import javax.cache.Cache;

/**
 * How soon a node that holds a copy of an entry no longer uses it: from before another node's {@code put} to the first
 * read that does not give the old value. Beside it, from before a bare NOTIFY to the moment at which it is known to have
 * come. Both are looked for by a thread that looks again and again with a short nap in between.
 */
final class InvalidationScenario implements Scenario {

    private static final int CHANGES = 1_000;
    private static final int PATIENCE_MILLIS = 100;
    private static final long NAP = TimeUnit.MICROSECONDS.toNanos(10);
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(2);
    private static final String KEY = "changing";

    @Override
    public List<String> names() {
        return List.of("invalidation");
    }

    @Override
    public List<Figure> measure(TestDatabase database, Rounds rounds, Knobs knobs) throws Exception {
        Candidate library = scale -> library(database, Candidate.scaled(CHANGES, scale));
        Candidate raw = scale -> raw(database, Candidate.scaled(CHANGES, scale));
        return rounds.compare(List.of(
                new Comparison("invalidation", 1, "p50, put beside NOTIFY", Measure.P50, library, raw),
                new Comparison("invalidation-p99", 1, "p99, put beside NOTIFY", Measure.P99, library, raw)));
    }

    private static Candidate.Trial library(TestDatabase database, int changes) throws Exception {
        CacheNode writer = CacheNode.near(database, "invalidation", 1);
        CacheNode reader = CacheNode.near(database, "invalidation", 1);
        Cache<String, String> written = writer.cache();
        Cache<String, String> read = reader.cache();
        return new Candidate.Trial() {
            @Override
            public Timing run() throws Exception {
                written.put(KEY, "-1");
                reader.awaitCopies(() -> read.get(KEY));
                return seen(
                        changes,
                        change -> written.put(KEY, Integer.toString(change)),
                        change -> Integer.toString(change).equals(read.get(KEY)));
            }

            @Override
            public void close() {
                writer.close();
                reader.close();
            }
        };
    }

    private static Candidate.Trial raw(TestDatabase database, int changes) throws Exception {
        List<Session> sessions = Session.open(database, "pg_queue_cache", 2);
        sessions.get(1).listen();
        AtomicInteger heard = new AtomicInteger(-1);
        Loop listener = Loop.start(
                "bench-listener", () -> heard.addAndGet(sessions.get(1).awaitNotifications(PATIENCE_MILLIS)));
        return new Candidate.Trial() {
            @Override
            public Timing run() throws Exception {
                return seen(changes, change -> sessions.get(0).tell(), change -> heard.get() == change);
            }

            @Override
            public void close() throws SQLException {
                listener.close();
                Session.closeAll(sessions);
            }
        };
    }

    /** Makes a change. */
    @FunctionalInterface
    private interface Change {
        void make(int change) throws Exception;
    }

    /** Makes changes one after the other; how long each took to be seen, without the look that saw it. */
    private static Timing seen(int changes, Change writer, IntPredicate reader) throws Exception {
        AtomicLongArray begun = new AtomicLongArray(changes);
        AtomicInteger seen = new AtomicInteger();
        long[] nanos = new long[changes];
        Clients.run(2, client -> {
            for (int change = 0; change < changes; change++) {
                if (client == 0) {
                    LockSupport.parkNanos(INTERVAL);
                    begun.set(change, System.nanoTime());
                    writer.make(change);
                    while (seen.get() <= change) {
                        LockSupport.parkNanos(INTERVAL);
                    }
                } else {
                    long look = System.nanoTime();
                    while (!reader.test(change)) {
                        LockSupport.parkNanos(NAP);
                        look = System.nanoTime();
                    }
                    nanos[change] = look - begun.get(change);
                    seen.incrementAndGet();
                }
            }
        });
        return Timing.each(nanos);
    }
}
