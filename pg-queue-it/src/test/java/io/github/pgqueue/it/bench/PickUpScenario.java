package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * How soon a single job begins on an idle system: from the moment at which its push was to be made, whether it was late or
 * not, to its handler. Beside it, by bare JDBC: a committed insert, then NOTIFY; a thread that listens wakes up and makes
 * one committed claim.
 */
final class PickUpScenario implements Scenario {

    private static final int JOBS = 1_000;
    private static final int PATIENCE_MILLIS = 100;
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(10);

    @Override
    public List<String> names() {
        return List.of("pick-up");
    }

    @Override
    public List<Figure> measure(TestDatabase database, Rounds rounds, Knobs knobs) throws Exception {
        Candidate library = scale -> library(database, Candidate.scaled(JOBS, scale));
        Candidate raw = scale -> raw(database, Candidate.scaled(JOBS, scale));
        return rounds.compare(List.of(
                new Comparison("pick-up", 1, "p50, one job each 10 ms", Measure.P50, library, raw),
                new Comparison("pick-up-p99", 1, "p99, one job each 10 ms", Measure.P99, library, raw)));
    }

    private static Candidate.Trial library(TestDatabase database, int jobs) throws Exception {
        LibraryQueue queue = LibraryQueue.create(database, 2);
        PickUps pickUps = new PickUps(jobs);
        queue.work(WorkerOptions.leased().withConcurrency(1), (job, context) -> {
            pickUps.begun((int) job.payload().id());
            return Outcome.complete();
        });
        return new Candidate.Trial() {
            @Override
            public Timing run() throws Exception {
                JobQueue<Parcel> parcels = queue.jobs();
                return Timing.each(pickUps.pushAll(job -> parcels.push(Parcel.of(job))));
            }

            @Override
            public void close() throws SQLException {
                queue.close();
            }
        };
    }

    private static Candidate.Trial raw(TestDatabase database, int jobs) throws Exception {
        RawQueue queue = RawQueue.classic(database, 2);
        PickUps pickUps = new PickUps(jobs);
        Session session = queue.second();
        session.listen();
        Loop listener = Loop.start("bench-listener", () -> {
            for (int told = session.awaitNotifications(PATIENCE_MILLIS); told > 0; told--) {
                // ids count the jobs from 1
                long id = session.claimOne();
                pickUps.begun((int) id - 1);
                session.complete(id);
            }
        });
        return new Candidate.Trial() {
            @Override
            public Timing run() throws Exception {
                return Timing.each(pickUps.pushAll(queue.first()::pushAndNotify));
            }

            @Override
            public void close() throws SQLException {
                listener.close();
                queue.close();
            }
        };
    }

    /** Pushes one job. */
    @FunctionalInterface
    private interface Push {
        void push(int job) throws Exception;
    }

    /** Pushes at fixed intervals, and how long after its turn each job began. */
    private static final class PickUps {

        private final int jobs;
        private final AtomicLongArray turns;
        private final AtomicLongArray nanos;
        private final CountDownLatch toBegin;

        PickUps(int jobs) {
            this.jobs = jobs;
            this.turns = new AtomicLongArray(jobs);
            this.nanos = new AtomicLongArray(jobs);
            this.toBegin = new CountDownLatch(jobs);
        }

        long[] pushAll(Push push) throws Exception {
            long first = System.nanoTime() + INTERVAL;
            for (int job = 0; job < jobs; job++) {
                long turn = first + job * INTERVAL;
                for (long left = turn - System.nanoTime(); left > 0; left = turn - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                turns.set(job, turn);
                push.push(job);
            }
            toBegin.await();
            long[] all = new long[jobs];
            for (int job = 0; job < jobs; job++) {
                all[job] = nanos.get(job);
            }
            return all;
        }

        void begun(int job) {
            nanos.set(job, System.nanoTime() - turns.get(job));
            toBegin.countDown();
        }
    }
}
