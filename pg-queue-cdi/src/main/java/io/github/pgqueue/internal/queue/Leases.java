package io.github.pgqueue.internal.queue;

import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.channel.Told;
import io.github.pgqueue.internal.queue.JobRun.Cancellation;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.spi.PgQueueListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Renews the leases of running jobs when a third of their time is over, in one statement. A job that is missing twice
 * in a row is lost, and its run is cancelled; once may be the moment at which it ends. Used by one thread, except
 * {@link #release}.
 */
final class Leases {

    private static final Duration FAR = Duration.ofDays(1);

    private final QueueStore store;
    private final JobEnds ends;
    private final Scope outside;
    private final PgQueueListener listener;
    private final Duration interval;

    private Set<Long> missing = new HashSet<>();
    private long nextRenewal;
    private boolean idle = true;

    Leases(QueueStore store, JobEnds ends, Scope outside, PgQueueListener listener) {
        this.store = store;
        this.ends = ends;
        this.outside = outside;
        this.listener = listener;
        this.interval = store.config().lease().dividedBy(3);
    }

    /** Jobs have been claimed: their leases are new. */
    void began() {
        if (idle) {
            idle = false;
            nextRenewal = System.nanoTime() + interval.toNanos();
        }
    }

    /** How long until leases must be renewed. */
    Duration untilNext() {
        return idle ? FAR : Duration.ofNanos(Math.max(0, nextRenewal - System.nanoTime()));
    }

    /** Renews those that need it, if it is time. A handler whose time is over and that does not stop is not kept alive. */
    void renew(Collection<? extends JobRun<?>> running) {
        if (idle || System.nanoTime() - nextRenewal < 0) {
            return;
        }
        if (running.isEmpty()) {
            idle = true;
            missing.clear();
            return;
        }
        // A row that its handler's transaction has locked is not taken over, and a renewal would wait for it.
        List<JobRun<?>> leased = new ArrayList<>();
        running.stream().filter(JobRun::needsLease).forEach(leased::add);
        if (!leased.isEmpty()) {
            List<Job<?>> jobs = new ArrayList<>();
            leased.forEach(run -> jobs.add(run.job()));
            Set<Long> held = new HashSet<>(outside.run(connection -> store.renew(connection, jobs)));
            cancelLost(leased, held);
        }
        nextRenewal = System.nanoTime() + interval.toNanos();
    }

    private void cancelLost(List<JobRun<?>> leased, Set<Long> held) {
        Set<Long> missingNow = new HashSet<>();
        for (JobRun<?> run : leased) {
            long id = run.job().id();
            if (held.contains(id)) {
                continue;
            }
            if (missing.contains(id) && !run.inTransaction()) {
                run.cancel(Cancellation.LEASE_LOST);
                Told.tell(() -> listener.leaseLost(run.job()));
            }
            missingNow.add(id);
        }
        missing = missingNow;
    }

    /** Gives a job back whose run does not stop. */
    void release(Job<?> job) {
        ends.release(job, outside);
    }
}
