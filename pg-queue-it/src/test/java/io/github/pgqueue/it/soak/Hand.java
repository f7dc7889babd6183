package io.github.pgqueue.it.soak;

import io.github.pgqueue.LeaseLostException;
import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import javax.sql.DataSource;

/**
 * Works jobs without a worker of the library, and carelessly: what was popped is completed in time, too late, or never,
 * in transactions that are committed, rolled back or prepared. Nobody renews its leases.
 */
final class Hand {

    private static final int MOST = 5;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int LATEST_MILLIS = 1500;
    private static final int LONGEST_DELAY_MILLIS = 500;

    /** What is to become of a job. */
    private enum Fate {
        DONE,
        DONE_LATE,
        PREPARED,
        ROLLED_BACK,
        ABANDONED,
        RELEASED,
        RETRIED;

        static Fate next(Random random) {
            int chance = random.nextInt(100);
            return chance < 82 ? DONE : values()[1 + chance % (values().length - 1)];
        }
    }

    private final JobQueue<String> queue;
    private final DataSource dataSource;
    private final Completion completion;
    private final Tally tally;
    private final Span span;
    private final Random random;

    Hand(JobQueue<String> queue, DataSource dataSource, Completion completion, Tally tally, Span span, Random random) {
        this.queue = queue;
        this.dataSource = dataSource;
        this.completion = completion;
        this.tally = tally;
        this.span = span;
        this.random = random;
    }

    /** Goes on until the end of the span, or of the manager. */
    void run() throws InterruptedException {
        while (!span.over()) {
            try {
                List<Job<String>> jobs = queue.pop(1 + random.nextInt(MOST));
                for (Job<String> job : jobs) {
                    work(job);
                }
                if (jobs.isEmpty()) {
                    span.rest(PAUSE);
                }
            } catch (ManagerClosedException closed) {
                return;
            } catch (StorageException databaseAway) {
                span.rest(PAUSE);
            }
        }
    }

    private void work(Job<String> job) throws InterruptedException {
        Fate fate = Fate.next(random);
        try {
            switch (fate) {
                case DONE, PREPARED, ROLLED_BACK -> complete(job, fate);
                case DONE_LATE -> {
                    Instant late = job.leasedUntil().plusMillis(random.nextInt(LATEST_MILLIS));
                    span.rest(Duration.between(Instant.now(), late));
                    complete(job, fate);
                }
                case ABANDONED -> tally.count(Event.JOB_ABANDONED);
                case RELEASED -> {
                    queue.release(job);
                    tally.count(Event.JOB_RELEASED);
                }
                case RETRIED -> {
                    queue.retry(job, Duration.ofMillis(random.nextInt(LONGEST_DELAY_MILLIS)));
                    tally.count(Event.JOB_RETRIED);
                }
            }
        } catch (LeaseLostException e) {
            tally.count(Event.END_REFUSED);
        } catch (SQLException | StorageException databaseAway) {
            // The lease will end.
        }
    }

    private void complete(Job<String> job, Fate fate) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Way.BY_HAND.write(connection, job);
                completion.complete(connection, job);
                if (fate == Fate.PREPARED) {
                    PreparedTransactions.prepare(connection, /* commit= */ random.nextInt(4) > 0, random);
                    tally.count(Event.COMPLETION_PREPARED);
                } else if (fate == Fate.ROLLED_BACK) {
                    connection.rollback();
                } else {
                    connection.commit();
                }
            } catch (LeaseLostException e) {
                connection.rollback();
                throw e;
            }
        }
    }
}
