package io.github.pgqueue.it.bench;

import java.sql.SQLException;

/**
 * A run in which every connection does the same with a queue by hand.
 *
 * @param jobs how many jobs they do together
 */
record RawTrial(RawQueue queue, long jobs, RawQueue.Work work) implements Candidate.Trial {

    @Override
    public Timing run() throws Exception {
        return Timing.together(jobs, queue.onEach(work));
    }

    @Override
    public void close() throws SQLException {
        queue.close();
    }
}
