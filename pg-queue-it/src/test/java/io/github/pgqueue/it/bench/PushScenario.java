package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.queue.JobQueue;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Pushing one job at a time, and many in one statement, beside the inserts that one would write by hand. */
final class PushScenario implements Scenario {

    private static final int JOBS = 40_000;
    private static final int MANY_JOBS = 800_000;

    /** How many jobs a push of many has. */
    private static final int MANY = 1_000;

    @Override
    public List<String> names() {
        return List.of("push-one", "push-many");
    }

    @Override
    public List<Figure> measure(TestDatabase database, Rounds rounds, Knobs knobs) throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (int threads : THREADS) {
            figures.addAll(rounds.compare(List.of(
                    new Comparison(
                            "push-one",
                            threads,
                            "push",
                            Measure.RATE,
                            scale -> push(database, threads, scale),
                            scale -> rawPush(database, threads, scale)),
                    new Comparison(
                            "push-many",
                            threads,
                            "pushAll of 1000",
                            Measure.RATE,
                            scale -> pushAll(database, threads, scale),
                            scale -> rawPushMany(database, threads, scale)))));
        }
        return figures;
    }

    private static Candidate.Trial push(TestDatabase database, int threads, double scale) throws Exception {
        LibraryQueue queue = LibraryQueue.create(database, threads);
        return new Pushing(queue, threads, perClient(JOBS, scale, threads), queue::close);
    }

    /**
     * Pushes one job at a time through the library.
     *
     * @param each how many jobs each of the threads pushes
     * @param closing takes away what is there
     */
    record Pushing(LibraryQueue queue, int threads, int each, Candidate.Closing closing) implements Candidate.Trial {

        @Override
        public Timing run() throws Exception {
            JobQueue<Parcel> jobs = queue.jobs();
            return Timing.together((long) each * threads, Clients.run(threads, client -> {
                for (int job = 0; job < each; job++) {
                    jobs.push(Parcel.of(job));
                }
            }));
        }

        @Override
        public void close() throws SQLException {
            closing.close();
        }
    }

    private static Candidate.Trial pushAll(TestDatabase database, int threads, double scale) throws Exception {
        LibraryQueue queue = LibraryQueue.create(database, threads);
        int pushes = Math.max(1, perClient(MANY_JOBS, scale, threads) / MANY);
        return new Candidate.Trial() {
            @Override
            public Timing run() throws Exception {
                JobQueue<Parcel> jobs = queue.jobs();
                return Timing.together((long) pushes * MANY * threads, Clients.run(threads, client -> {
                    for (int push = 0; push < pushes; push++) {
                        jobs.pushAll(parcels());
                    }
                }));
            }

            @Override
            public void close() throws SQLException {
                queue.close();
            }
        };
    }

    private static List<Parcel> parcels() {
        List<Parcel> parcels = new ArrayList<>(MANY);
        for (int job = 0; job < MANY; job++) {
            parcels.add(Parcel.of(job));
        }
        return Collections.unmodifiableList(parcels);
    }

    private static Candidate.Trial rawPush(TestDatabase database, int threads, double scale) throws Exception {
        int each = perClient(JOBS, scale, threads);
        return new RawTrial(RawQueue.plain(database, threads), (long) each * threads, session -> session.push(each));
    }

    private static Candidate.Trial rawPushMany(TestDatabase database, int threads, double scale) throws Exception {
        int pushes = Math.max(1, perClient(MANY_JOBS, scale, threads) / MANY);
        return new RawTrial(
                RawQueue.plain(database, threads),
                (long) pushes * MANY * threads,
                session -> session.pushMany(pushes, MANY));
    }

    /** What each client does of all jobs. */
    static int perClient(int jobs, double scale, int threads) {
        return Math.max(1, Candidate.scaled(jobs, scale) / threads);
    }
}
