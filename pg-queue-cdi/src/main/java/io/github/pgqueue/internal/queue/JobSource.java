package io.github.pgqueue.internal.queue;

import io.github.pgqueue.LeaseLostException;
import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.channel.Told;
import io.github.pgqueue.internal.jdbc.Payloads;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.spi.PgQueueListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Claims jobs and reads their payloads. A payload that cannot be read is a failed attempt of its job, and never keeps
 * the others back; nor does a job that a lost lease has made a dead letter.
 */
final class JobSource<T> {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.queue");

    private final QueueStore store;
    private final PayloadType<T> type;
    private final Payloads payloads;
    private final JobEnds ends;
    private final Scope outside;
    private final PgQueueListener listener;
    private final String node;

    JobSource(
            QueueStore store,
            PayloadType<T> type,
            Payloads payloads,
            JobEnds ends,
            Scope outside,
            PgQueueListener listener,
            String node) {
        this.store = store;
        this.type = type;
        this.payloads = payloads;
        this.ends = ends;
        this.outside = outside;
        this.listener = listener;
        this.node = node;
    }

    /**
     * Up to so many jobs of the plain lane, all under one lease.
     *
     * @param limit how many
     * @param startable if there are no more than that, all of them begin at once, and their loss counts as failure
     */
    List<Claimed<T>> claimPlain(int limit, int startable) {
        return readable(() -> outside.run(connection -> store.plain().claim(connection, limit, startable, node)));
    }

    /** Takes what a node that has died holds from it, and wakes those who may claim it. */
    void takeOver(String dead) {
        long taken = outside.run(connection ->
                store.plain().takeOver(connection, dead).moved() + store.rows().endLeases(connection, dead));
        if (taken > 0) {
            LOG.log(
                    Level.INFO,
                    "node {0} has died, and {1} jobs of queue {2} are taken over",
                    dead,
                    taken,
                    store.queue());
            outside.wake(store.queue());
        }
    }

    /** Up to so many jobs of the other lane, each under its own lease. */
    List<Claimed<T>> claimRows(int limit) {
        return readable(() -> outside.run(connection -> rows(connection, limit)));
    }

    /**
     * Up to so many jobs of both lanes, all of which begin at once; none only if none is ready. Those who call this at the same
     * time share claims.
     */
    List<Claimed<T>> claim(int limit) {
        return readable(() -> {
            List<ClaimedRow> rows = new ArrayList<>();
            // Who claims for all also tells what was buried: afterwards, since a listener that pops would wait for
            // itself.
            rows.addAll(store.pops().claim(limit, all -> {
                List<ClaimedRow> both = outside.run(connection -> ofBothLanes(connection, all));
                both.stream().filter(ClaimedRow::buried).forEach(rows::add);
                return both.stream().filter(row -> !row.buried()).toList();
            }));
            return rows;
        });
    }

    /** So many that are held at most, and what is buried besides. */
    private List<ClaimedRow> ofBothLanes(Connection connection, int limit) throws SQLException {
        List<ClaimedRow> claimed = new ArrayList<>();
        List<ClaimedRow> rows;
        do {
            rows = rows(connection, limit);
            claimed.addAll(rows);
        } while (!rows.isEmpty() && rows.stream().allMatch(ClaimedRow::buried));
        int free = limit - (int) rows.stream().filter(row -> !row.buried()).count();
        if (free > 0) {
            try {
                claimed.addAll(store.plain().claim(connection, free, limit, node));
            } catch (SQLException e) {
                if (claimed.isEmpty()) {
                    throw e;
                }
                // What is claimed already must not be lost with it; the next claim tells if it goes on.
                LOG.log(Level.DEBUG, "only a part of queue {0} was looked at: {1}", store.queue(), e.getMessage());
            }
        }
        return claimed;
    }

    private List<ClaimedRow> rows(Connection connection, int limit) throws SQLException {
        if (store.plain().takeOver(connection, /* deadNode= */ null).locked() > 0) {
            store.plain().terminateHolders(connection);
        }
        store.rows().terminateHolders(connection);
        return store.rows().claim(connection, limit, node);
    }

    /** What can be read of what is claimed: a claim of which nothing can be is followed by another one. */
    private List<Claimed<T>> readable(Supplier<List<ClaimedRow>> claim) {
        while (true) {
            List<ClaimedRow> rows = claim.get();
            List<Claimed<T>> jobs = jobs(rows);
            if (!jobs.isEmpty() || rows.isEmpty()) {
                return jobs;
            }
        }
    }

    /** Repairs the cursor if the ids of the queue began anew: before that, a claim would find nothing. */
    void resetCursor() {
        outside.run(connection -> {
            store.plain().resetCursor(connection);
            return true;
        });
    }

    /**
     * Looks at some of the jobs behind an id for those that nobody has and no claim would find: there are some after a restore,
     * or if a hand was at the tables. Returns the last that it has looked at; empty if that was all.
     */
    OptionalLong sweep(long after) {
        return outside.run(connection -> store.plain().sweep(connection, after));
    }

    /** Leases are not needed any more; for each, whether it is known that its jobs are gone. */
    void close(Map<LeaseKey, Boolean> ended) {
        if (!ended.isEmpty()) {
            outside.run(connection -> {
                store.plain().close(connection, ended);
                return true;
            });
        }
    }

    private List<Claimed<T>> jobs(List<ClaimedRow> rows) {
        List<Claimed<T>> claimed = new ArrayList<>(rows.size());
        rows.forEach(row -> read(row).ifPresent(job -> claimed.add(new Claimed<>(job, row))));
        if (!claimed.isEmpty()) {
            Told.tell(() -> listener.popped(store.queue(), Claimed.jobs(claimed)));
        }
        return claimed;
    }

    private Optional<Job<T>> read(ClaimedRow row) {
        if (row.buried()) {
            buried(job(row, row.payload(), Map.of()));
            return Optional.empty();
        }
        try {
            T payload = payloads.decode(row.payload(), type);
            return Optional.of(job(row, payload, payloads.decodeHeaders(row.headers())));
        } catch (PayloadException e) {
            // The text stands in for the payload: nobody but the listener sees this job.
            failUnreadable(job(row, row.payload(), Map.of()), e);
            return Optional.empty();
        }
    }

    private void buried(Job<String> job) {
        try {
            ends.buried(job, job.failures(), new LeaseLostException(job.queue(), job.id(), job.attempt()), outside);
        } catch (StorageException e) {
            // The others have been claimed as well, and must not be lost with it; the caller's deadline answers.
            LOG.log(Level.DEBUG, "the caller of {0} could not be answered: {1}", job, e.getMessage());
        }
    }

    private void failUnreadable(Job<String> job, PayloadException cause) {
        LOG.log(Level.DEBUG, "{0} cannot be read: {1}", job, cause.getMessage());
        try {
            ends.settle(job, Outcome.fail(cause), outside);
        } catch (LeaseLostException e) {
            Told.tell(() -> listener.leaseLost(job));
        } catch (StorageException e) {
            // The others have been claimed as well, and must not be lost with it; this one comes when its lease ends.
            LOG.log(Level.DEBUG, "the failure of {0} could not be written: {1}", job, e.getMessage());
        }
    }

    private <P> Job<P> job(ClaimedRow row, P payload, Map<String, String> headers) {
        return new Job<>(
                row.id(),
                store.queue(),
                payload,
                row.attempt(),
                row.failures(),
                Objects.requireNonNullElse(row.maxAttempts(), store.config().maxAttempts()),
                row.pushedAt(),
                row.leasedUntil(),
                headers,
                row.requestId(),
                row.deadline(),
                row.lease());
    }
}
