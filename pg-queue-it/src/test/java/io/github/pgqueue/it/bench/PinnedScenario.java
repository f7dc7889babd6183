package io.github.pgqueue.it.bench;

import io.github.pgqueue.Subscription;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a forgotten transaction costs, which keeps deleted rows from being vacuumed: claims of single jobs, and the drain
 * of a backlog, after many jobs have passed meanwhile; beside them the same without such a transaction. The jobs passed
 * in batches, or one by one with a worker that sleeps in between. The classic claim is the control, in one round.
 */
final class PinnedScenario implements Scenario {

    private static final int PASSED_IN_BATCHES = 1_000_000;
    private static final int PASSED_SINGLY = 50_000;
    private static final int CHUNK = 50_000;
    private static final int CLAIMS = 500;
    private static final int DRAINED = 100_000;
    private static final int WORKERS = 4;

    /** Jobs that pass one by one take ten minutes and more. */
    private static final double WARM_UP = 0.05;

    /** A worker that does not say so within this time is taken for asleep. */
    private static final long FALLING_ASLEEP = TimeUnit.MILLISECONDS.toNanos(20);

    @Override
    public List<String> names() {
        return List.of("claim-pinned", "drain-pinned");
    }

    @Override
    public List<Figure> measure(TestDatabase database, Rounds rounds, Knobs knobs) throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (Passage passage : Passage.values()) {
            figures.addAll(rounds.compare(
                    comparisons(database, passage, knobs, "", () -> new LibraryLane(database)),
                    knobs.rounds(),
                    WARM_UP));
            figures.addAll(rounds.compare(
                    comparisons(database, passage, knobs, "-classic", () -> new ClassicLane(database, knobs.batch())),
                    1,
                    WARM_UP));
        }
        return figures;
    }

    private static List<Comparison> comparisons(
            TestDatabase database, Passage passage, Knobs knobs, String suffix, LaneFactory lanes) {
        String detail = passage.detail(knobs.scale());
        Candidate pinned = scale -> prepare(lanes.open(), Session.open(database, ""), passage, scale);
        Candidate free = scale -> prepare(lanes.open(), null, passage, scale);
        return List.of(
                new Comparison("claim-pinned" + suffix, 1, detail, Measure.P50, pinned, free),
                new Comparison("drain-pinned" + suffix, WORKERS, detail, Measure.RATE, pinned, free));
    }

    private static Candidate.Trial prepare(Lane lane, @Nullable Session pin, Passage passage, double scale)
            throws Exception {
        if (pin != null) {
            pin.pin();
        }
        passage.pass(lane, passage.jobs(scale));
        int drained = Candidate.scaled(DRAINED, scale);
        lane.fill(CLAIMS + drained);
        return new Candidate.Trial() {
            @Override
            public Timing run() throws Exception {
                long[] claims = lane.claim(CLAIMS);
                return Timing.both(claims, drained, lane.drain(drained));
            }

            @Override
            public void close() throws SQLException {
                if (pin != null) {
                    pin.close();
                }
                lane.close();
            }
        };
    }

    /** How the jobs pass. */
    private enum Passage {
        IN_BATCHES(PASSED_IN_BATCHES, "in batches") {
            @Override
            void pass(Lane lane, int jobs) throws Exception {
                for (int passed = 0; passed < jobs; passed += CHUNK) {
                    int chunk = Math.min(CHUNK, jobs - passed);
                    lane.fill(chunk);
                    lane.drain(chunk);
                }
            }
        },
        SINGLY(PASSED_SINGLY, "one by one") {
            @Override
            void pass(Lane lane, int jobs) throws Exception {
                lane.passSingly(jobs);
            }
        };

        private final int jobs;
        private final String manner;

        Passage(int jobs, String manner) {
            this.jobs = jobs;
            this.manner = manner;
        }

        int jobs(double scale) {
            return Candidate.scaled(jobs, scale);
        }

        String detail(double scale) {
            return "after " + jobs(scale) + ' ' + manner;
        }

        abstract void pass(Lane lane, int jobs) throws Exception;
    }

    /** Opens a new queue. */
    @FunctionalInterface
    private interface LaneFactory {
        Lane open() throws Exception;
    }

    /** A queue, of the library or by hand. */
    private interface Lane extends AutoCloseable {

        void fill(int jobs) throws Exception;

        /** Claims and completes single jobs; how long each claim took. */
        long[] claim(int claims) throws Exception;

        /** Works so many jobs, which are all; the nanoseconds it took. */
        long drain(int jobs) throws Exception;

        /** Pushes jobs and has each of them worked before the next. */
        void passSingly(int jobs) throws Exception;

        @Override
        void close() throws SQLException;
    }

    private static final class LibraryLane implements Lane {

        private final LibraryQueue queue;

        LibraryLane(TestDatabase database) throws SQLException {
            this.queue = LibraryQueue.create(database, WORKERS);
        }

        @Override
        public void fill(int jobs) throws SQLException {
            queue.fill(jobs);
        }

        @Override
        public long[] claim(int claims) {
            return queue.claim(claims);
        }

        @Override
        public long drain(int jobs) throws InterruptedException {
            return queue.drain(jobs, WORKERS);
        }

        @Override
        public void passSingly(int jobs) {
            AtomicLong handled = new AtomicLong();
            JobQueue<Parcel> parcels = queue.jobs();
            Subscription worker = queue.work(WorkerOptions.leased().withConcurrency(1), (job, context) -> {
                handled.incrementAndGet();
                return Outcome.complete();
            });
            try {
                for (int job = 0; job < jobs; job++) {
                    long naps = queue.naps();
                    parcels.push(Parcel.of(job));
                    while (handled.get() <= job) {
                        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
                    }
                    long awake = System.nanoTime();
                    while (queue.naps() == naps && System.nanoTime() - awake < FALLING_ASLEEP) {
                        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
                    }
                }
                queue.awaitEmpty();
            } finally {
                worker.close();
            }
        }

        @Override
        public void close() throws SQLException {
            queue.close();
        }
    }

    private static final class ClassicLane implements Lane {

        private final RawQueue queue;
        private final int batch;

        ClassicLane(TestDatabase database, int batch) throws SQLException {
            this.queue = RawQueue.classic(database, WORKERS);
            this.batch = batch;
        }

        @Override
        public void fill(int jobs) throws SQLException {
            queue.first().fill(jobs);
        }

        @Override
        public long[] claim(int claims) throws SQLException {
            return queue.first().claimClassically(claims);
        }

        @Override
        public long drain(int jobs) throws Exception {
            return queue.onEach(session -> session.drainClassically(batch));
        }

        @Override
        public void passSingly(int jobs) throws SQLException {
            queue.first().passClassically(jobs);
        }

        @Override
        public void close() throws SQLException {
            queue.close();
        }
    }
}
