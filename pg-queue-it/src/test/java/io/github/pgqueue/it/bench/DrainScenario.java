package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Working a backlog of trivial jobs by leased workers: claim, run, complete. Beside it the floor, which loses the jobs of
 * a process that dies ({@code DELETE ... RETURNING}), and the classic claim (UPDATE, then DELETE).
 */
final class DrainScenario implements Scenario {

    private static final int JOBS = 200_000;

    @Override
    public List<String> names() {
        return List.of(
                "drain-vs-destructive", "drain-vs-classic", "drain-server-cpu-vs-classic", "drain-wal-vs-classic");
    }

    @Override
    public List<Figure> measure(TestDatabase database, Rounds rounds, Knobs knobs) throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (int threads : THREADS) {
            Candidate library = scale -> library(database, threads, scale);
            Candidate destructive = scale ->
                    raw(RawQueue.plain(database, threads), scale, session -> session.drainDestructively(knobs.batch()));
            Candidate classic = scale ->
                    raw(RawQueue.classic(database, threads), scale, session -> session.drainClassically(knobs.batch()));
            figures.addAll(rounds.compare(List.of(
                    new Comparison(
                            "drain-vs-destructive", threads, "leased workers", Measure.RATE, library, destructive),
                    new Comparison("drain-vs-classic", threads, "leased workers", Measure.RATE, library, classic),
                    new Comparison(
                            "drain-server-cpu-vs-classic",
                            threads,
                            "leased workers",
                            Measure.SERVER_CPU,
                            library,
                            classic),
                    new Comparison("drain-wal-vs-classic", threads, "leased workers", Measure.WAL, library, classic))));
        }
        return figures;
    }

    private static Candidate.Trial library(TestDatabase database, int threads, double scale) throws Exception {
        int jobs = Candidate.scaled(JOBS, scale);
        LibraryQueue queue = LibraryQueue.create(database, threads);
        queue.fill(jobs);
        return new Candidate.Trial() {
            @Override
            public Timing run() throws Exception {
                return Timing.together(jobs, queue.drain(jobs, threads));
            }

            @Override
            public void close() throws SQLException {
                queue.close();
            }
        };
    }

    private static Candidate.Trial raw(RawQueue queue, double scale, RawQueue.Work work) throws Exception {
        int jobs = Candidate.scaled(JOBS, scale);
        queue.first().fill(jobs);
        return new RawTrial(queue, jobs, work);
    }
}
