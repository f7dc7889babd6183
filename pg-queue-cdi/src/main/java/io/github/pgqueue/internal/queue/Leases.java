package io.github.pgqueue.internal.queue;

import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.channel.Told;
import io.github.pgqueue.internal.queue.JobRun.Cancellation;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.spi.PgQueueListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a worker holds, from the claim until the end of each job is written: whole leases of jobs that were claimed
 * together, and jobs that are leased by their own row. Both are renewed when a third of their time is over. A lease that is gone is lost, and the runs of its jobs are cancelled. A row that is missing twice in
 * a row is lost; once may be the moment at which it ends.
 *
 * <p>{@link #renew}, {@link #manyEnded} and {@link #takeEnded} are for the one thread that claims; the rest is for all.
 */
final class Leases {

    private static final Duration FAR = Duration.ofDays(1);
    private static final int MANY = 16;

    /** One lease, and which of its jobs have not ended. */
    private static final class Batch {
        private final LeaseKey key;
        private final Set<Long> jobs = ConcurrentHashMap.newKeySet();
        private volatile long until;

        /** Whether those that have ended are known to be gone from the plain lane. */
        private volatile boolean gone = true;

        Batch(LeaseKey key, long until) {
            this.key = key;
            this.until = until;
        }
    }

    private final QueueStore store;
    private final JobEnds ends;
    private final Scope outside;
    private final PgQueueListener listener;
    private final Duration interval;

    /** By what their jobs carry. */
    private final Map<String, Batch> batches = new ConcurrentHashMap<>();

    private final Map<Long, Job<?>> rows = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Batch> ended = new ConcurrentLinkedQueue<>();
    private Set<Long> missing = new HashSet<>();
    private volatile long nextRenewal;
    private boolean idle = true;

    Leases(QueueStore store, JobEnds ends, Scope outside, PgQueueListener listener) {
        this.store = store;
        this.ends = ends;
        this.outside = outside;
        this.listener = listener;
        this.interval = store.config().lease().dividedBy(3);
    }

    /**
     * Jobs have been claimed.
     *
     * @param asked when, as {@link System#nanoTime()} tells: their leases last from then on at least
     */
    void claimed(Collection<? extends Job<?>> jobs, long asked) {
        for (Job<?> job : jobs) {
            String lease = job.lease();
            if (lease == null) {
                rows.put(job.id(), job);
            } else {
                batches.computeIfAbsent(lease, key -> new Batch(LeaseKey.parse(key), end(asked)))
                        .jobs
                        .add(job.id());
            }
        }
        if (idle) {
            idle = false;
            nextRenewal = asked + interval.toNanos();
        }
    }

    /** A job is gone: its completion is committed. */
    void completed(Job<?> job) {
        ended(job, /* gone= */ true);
    }

    /** The end of a job is written, or it will not be. */
    void ended(Job<?> job) {
        ended(job, /* gone= */ false);
    }

    private void ended(Job<?> job, boolean gone) {
        String lease = job.lease();
        if (lease == null) {
            rows.remove(job.id(), job);
            return;
        }
        batches.computeIfPresent(lease, (key, batch) -> {
            batch.jobs.remove(job.id());
            batch.gone &= gone;
            if (batch.jobs.isEmpty()) {
                ended.add(batch);
                return null;
            }
            return batch;
        });
    }

    /** Whether a job that has waited may still begin. */
    boolean holds(Job<?> job) {
        String lease = job.lease();
        if (lease == null) {
            return rows.containsKey(job.id());
        }
        Batch batch = batches.get(lease);
        return batch != null && batch.jobs.contains(job.id()) && System.nanoTime() - batch.until < 0;
    }

    /** Whether there are so many leases whose jobs have all ended that it is worth a statement to remove them. */
    boolean manyEnded() {
        return ended.size() >= MANY;
    }

    /** The leases whose jobs have all ended since this was last asked, and whether these are known to be gone. */
    Map<LeaseKey, Boolean> takeEnded() {
        Map<LeaseKey, Boolean> taken = new LinkedHashMap<>();
        for (Batch batch = ended.poll(); batch != null; batch = ended.poll()) {
            taken.put(batch.key, batch.gone);
        }
        return taken;
    }

    /** How long until leases must be renewed. */
    Duration untilNext() {
        return idle ? FAR : Duration.ofNanos(Math.max(0, nextRenewal - System.nanoTime()));
    }

    /** Renews what needs it, if it is time. A handler whose time is over and that does not stop is not kept alive. */
    void renew(Collection<? extends JobRun<?>> running) {
        if (idle || System.nanoTime() - nextRenewal < 0) {
            return;
        }
        if (batches.isEmpty() && rows.isEmpty()) {
            idle = true;
            missing.clear();
            return;
        }
        Map<Long, JobRun<?>> runs = new HashMap<>();
        running.forEach(run -> runs.put(run.job().id(), run));
        renewBatches(running, runs);
        renewRows(runs);
        nextRenewal = System.nanoTime() + interval.toNanos();
    }

    private void renewBatches(Collection<? extends JobRun<?>> running, Map<Long, JobRun<?>> runs) {
        running.stream().filter(JobRun::timedOut).forEach(this::giveUp);
        if (batches.isEmpty()) {
            return;
        }
        // Whether the transaction of a handler still holds its job, the database knows better.
        List<Batch> asked = new ArrayList<>();
        Map<LeaseKey, List<Long>> kept = new HashMap<>();
        batches.forEach((key, batch) -> {
            if (batch.jobs.stream().anyMatch(id -> !isTimedOut(runs.get(id)))) {
                asked.add(batch);
                kept.put(
                        batch.key,
                        batch.jobs.stream()
                                .filter(id -> !isInTransaction(runs.get(id)))
                                .toList());
            }
        });
        if (asked.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        Set<Long> lost = outside.run(connection -> store.plain().renew(connection, kept));
        asked.forEach(batch -> {
            batch.until = end(now);
            batch.jobs.removeAll(lost);
            batch.gone &= lost.isEmpty();
        });
        // What ended meanwhile is missing as well.
        running.stream()
                .filter(run ->
                        run.job().lease() != null && lost.contains(run.job().id()) && !run.inTransaction())
                .forEach(this::lost);
    }

    private static boolean isTimedOut(@Nullable JobRun<?> run) {
        return run != null && run.timedOut();
    }

    private static boolean isInTransaction(@Nullable JobRun<?> run) {
        return run != null && run.inTransaction();
    }

    /** The others of its batch go on, so its lease will not end: the attempt has failed now. */
    private void giveUp(JobRun<?> run) {
        if (run.job().lease() != null && !run.inTransaction() && holds(run.job())) {
            run.giveUp();
            ended(run.job());
        }
    }

    private void renewRows(Map<Long, JobRun<?>> runs) {
        // A row that its handler's transaction has locked is not taken over, and a renewal would wait for it.
        // So it is said elsewhere that the handler goes on.
        List<Job<?>> jobs = new ArrayList<>();
        List<Job<?>> locked = new ArrayList<>();
        for (Job<?> job : rows.values()) {
            JobRun<?> run = runs.get(job.id());
            if (!isTimedOut(run)) {
                (isInTransaction(run) ? locked : jobs).add(job);
            }
        }
        if (!locked.isEmpty()) {
            outside.run(connection -> {
                store.rows().hold(connection, locked);
                return true;
            });
        }
        if (jobs.isEmpty()) {
            return;
        }
        Set<Long> held = new HashSet<>(outside.run(connection -> store.rows().renew(connection, jobs)));
        Set<Long> missingNow = new HashSet<>();
        for (Job<?> job : jobs) {
            if (held.contains(job.id())) {
                continue;
            }
            @Nullable JobRun<?> run = runs.get(job.id());
            if (missing.contains(job.id()) && (run == null || !run.inTransaction())) {
                rows.remove(job.id(), job);
                if (run != null) {
                    lost(run);
                }
            }
            missingNow.add(job.id());
        }
        missing = missingNow;
    }

    private void lost(JobRun<?> run) {
        run.cancel(Cancellation.LEASE_LOST);
        Told.tell(() -> listener.leaseLost(run.job()));
    }

    private long end(long asked) {
        return asked + store.config().lease().toNanos();
    }

    /** Gives jobs of leases back that do not run. */
    void releaseAll(List<Job<?>> jobs) {
        try {
            ends.releaseAll(jobs, outside);
        } finally {
            jobs.forEach(this::ended);
        }
    }

    /** Gives a job back that does not run, or whose run does not stop. */
    void release(Job<?> job) {
        try {
            ends.release(job, outside);
        } finally {
            ended(job);
        }
    }
}
