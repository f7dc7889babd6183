package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import java.util.List;

/**
 * What a claim costs when much waits: the median of {@link io.github.pgqueue.queue.JobQueue#pop()} by one client that
 * completes each job before it pops the next, with a large backlog; beside it the same with a small one.
 */
final class BacklogScenario implements Scenario {

    private static final int LARGE = 10_000_000;
    private static final int SMALL = 10_000;
    private static final int CLAIMS = 2_000;

    @Override
    public List<String> names() {
        return List.of("claim-backlog");
    }

    @Override
    public List<Figure> measure(TestDatabase database, Rounds rounds, Knobs knobs) throws Exception {
        int large = Candidate.scaled(LARGE, knobs.scale());
        int refill = CLAIMS * (knobs.rounds() + 1);
        try (LibraryQueue deep = LibraryQueue.create(database, 1);
                LibraryQueue shallow = LibraryQueue.create(database, 1)) {
            deep.fill(large);
            shallow.fill(SMALL + refill);
            return rounds.compare(List.of(new Comparison(
                    "claim-backlog",
                    1,
                    large + " jobs beside " + SMALL,
                    Measure.P50,
                    scale -> claims(deep, scale),
                    scale -> claims(shallow, scale))));
        }
    }

    /** The queue outlives its runs, which take little away. */
    private static Candidate.Trial claims(LibraryQueue queue, double scale) {
        int claims = Candidate.scaled(CLAIMS, scale);
        return new Candidate.Trial() {
            @Override
            public Timing run() {
                return Timing.each(queue.claim(claims));
            }

            @Override
            public void close() {
                // the queue stays for the next round
            }
        };
    }
}
