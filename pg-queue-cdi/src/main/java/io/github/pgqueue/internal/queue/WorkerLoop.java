package io.github.pgqueue.internal.queue;

import io.github.pgqueue.Subscription;
import io.github.pgqueue.internal.channel.ListenerHub;
import io.github.pgqueue.internal.channel.Told;
import io.github.pgqueue.internal.jdbc.Text;
import io.github.pgqueue.internal.queue.JobRun.Cancellation;
import io.github.pgqueue.internal.queue.Sleeper.Nap;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.ThreadKind;
import io.github.pgqueue.queue.WorkerStatus;
import io.github.pgqueue.spi.PgQueueListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Works one queue on this node: one thread claims jobs, renews their leases, and sleeps when there is nothing; threads
 * of a pool, or of an executor that is not its own, run them. It claims as many as there are free threads, and ahead of
 * them as many as are soon worked ({@link Demand}). A failing database makes it wait, never end.
 *
 * <p>Servers interrupt the threads of an application that they stop, some of them before they say so in any other way.
 * So an interrupt of the claiming thread is a signal to stop: nothing is claimed any more, while the leases of what runs
 * are renewed until it has ended or the worker is closed.
 */
final class WorkerLoop<T> implements Subscription {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.queue");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private static final Duration LONGEST_GATHERING = Duration.ofMillis(5);

    /** For how long a node is awake until pushes need not wake it: a job that comes alone is not worth two writes. */
    private static final Duration BUSY = Duration.ofMillis(20);

    /** For how long nothing comes until pushes have to wake a busy node again: those of a steady stream are to be spared. */
    private static final Duration QUIET = Duration.ofMillis(10);

    private final QueueStore store;
    private final int concurrency;
    private final Duration drainTimeout;
    private final JobSource<T> source;
    private final Function<Claimed<T>, JobRun<T>> runs;
    private final Leases leases;
    private final Completions<T> completions;
    private final Demand demand;
    private final RowTurns rows = new RowTurns();
    private final Sweep sweep;
    private final Hands<T> hands;
    private final Sleeper sleeper;
    private final ListenerHub hub;
    private final PgQueueListener listener;
    private final Wakeup wakeup = new Wakeup();
    private final RunningJobs<T> running = new RunningJobs<>();
    private final @Nullable ExecutorService pool;
    private final Set<Thread> pooled = ConcurrentHashMap.newKeySet();
    private final Thread claimer;
    private final CountDownLatch stopSignal = new CountDownLatch(1);

    /** Whether the claiming thread waits for a hand to become free: not while the queue is known to be empty. */
    private volatile boolean waitsForHands = true;

    /** When the claiming thread last ended to sleep. */
    private long awakeSince = System.nanoTime();

    /** When a claim last found something. */
    private long foundAt = awakeSince - QUIET.toNanos();

    private volatile ThreadKind threadKind = ThreadKind.UNKNOWN;
    private volatile boolean abandoned;
    private boolean interrupted;

    /** Whether the cursor is known to be right for the server that is connected. */
    private boolean begun;

    WorkerLoop(
            QueueStore store,
            int concurrency,
            Duration drainTimeout,
            JobSource<T> source,
            RunFactory<T> runs,
            Leases leases,
            Completions<T> completions,
            Sleeper sleeper,
            ListenerHub hub,
            PgQueueListener listener,
            ThreadFactory threads,
            @Nullable Executor executor) {
        this.store = store;
        this.concurrency = concurrency;
        this.drainTimeout = drainTimeout;
        this.source = source;
        JobRun.Owner<T> owner = new OwnerOfRuns();
        this.runs = claimed -> runs.create(claimed, owner);
        this.leases = leases;
        this.completions = completions;
        this.demand = new Demand(concurrency, System.nanoTime());
        this.sweep = new Sweep(source::sweep);
        this.sleeper = sleeper;
        this.hub = hub;
        this.listener = listener;
        this.pool = executor == null ? pool(concurrency, threads, "pg-queue " + store.queue() + '-') : null;
        this.hands = new Hands<>(
                store.queue().value(),
                concurrency,
                executor == null ? Objects.requireNonNull(pool) : executor,
                this::work,
                this::hasRoom);
        this.claimer = threads.newThread(this::run);
        claimer.setName("pg-queue " + store.queue());
    }

    /**
     * Makes the run of a job.
     *
     * @param <T> the type of the payload
     */
    @FunctionalInterface
    interface RunFactory<T> {
        JobRun<T> create(Claimed<T> claimed, JobRun.Owner<T> owner);
    }

    /** What a run tells, on its own thread. */
    private final class OwnerOfRuns implements JobRun.Owner<T> {

        @Override
        public void began(JobRun<T> run) {
            if (threadKind == ThreadKind.UNKNOWN) {
                measureThread();
            }
        }

        @Override
        public void completed(JobRun<T> run) {
            completions.add(run.job());
        }

        @Override
        public void ended(JobRun<T> run, boolean written, boolean again) {
            if (written) {
                leases.ended(run.job());
            }
            running.remove(run);
            if (again) {
                wakeup.call();
            }
        }

        @Override
        public boolean stopsSoon() {
            try {
                return stopSignal.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return stopping();
            }
        }
    }

    private ExecutorService pool(int size, ThreadFactory threads, String name) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(size, size, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = threads.newThread(task);
                    thread.setName(name + count.incrementAndGet());
                    pooled.removeIf(one -> one.getState() == Thread.State.TERMINATED);
                    pooled.add(thread);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    void start() {
        hub.listenWhenPossible(store.queue().channel(), wakeup);
        claimer.start();
        LOG.log(Level.INFO, "working queue {0} with {1} threads", store.queue(), concurrency);
    }

    /** Whether its thread has ended, for whatever reason: nothing is claimed any more. */
    boolean ended() {
        return claimer.getState() == Thread.State.TERMINATED;
    }

    WorkerStatus status() {
        return new WorkerStatus(store.queue(), concurrency, running.size(), threadKind);
    }

    /** The longest that a job of it may run, if that is limited. */
    @Nullable
    Duration maxRunTime() {
        return store.config().maxRunTime();
    }

    Collection<JobRun<T>> running() {
        return running.now();
    }

    private synchronized void measureThread() {
        if (threadKind == ThreadKind.UNKNOWN) {
            threadKind = ThreadKinds.of(Thread.currentThread());
            LOG.log(
                    Level.INFO,
                    "the jobs of queue {0} run on {1} threads",
                    store.queue(),
                    threadKind.name().toLowerCase(Locale.ROOT));
        }
    }

    private boolean stopping() {
        return stopSignal.getCount() == 0;
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        boolean failing = false;
        while (!abandoned && (!stopping() || !running.isEmpty())) {
            try {
                step();
                pause = FIRST_PAUSE;
                failing = false;
            } catch (InterruptedException e) {
                interrupted();
            } catch (RuntimeException | Error e) {
                LOG.log(
                        failing ? Level.DEBUG : Level.WARNING,
                        "queue {0} cannot be worked at the moment, trying again: {1}",
                        store.queue(),
                        Text.printable(e.toString()));
                failing = true;
                sleeper.forget();
                rest(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    /** Whoever interrupts twice does not want to wait for what runs. */
    private void interrupted() {
        abandoned = interrupted;
        interrupted = true;
        if (!stopping()) {
            LOG.log(
                    Level.INFO,
                    "queue {0} is not worked any more: its thread was interrupted, as servers do when they stop an"
                            + " application",
                    store.queue());
            stop();
        }
    }

    private void step() throws InterruptedException {
        leases.renew(running.now());
        if (stopping()) {
            giveBack(hands.takeWaiting());
        }
        waitsForHands = true;
        int free = hands.free();
        int wanted = demand.wanted(free, hands.waiting());
        if (stopping()) {
            wakeup.await(leases.untilNext());
            return;
        }
        if (wanted <= 0) {
            awaitHands();
            return;
        }
        if (wakeup.takeMissed()) {
            sleeper.forget();
            // It may be another server by now.
            begun = false;
        }
        if (!begun) {
            source.resetCursor();
            begun = true;
            sweep.start(System.nanoTime());
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long began = System.nanoTime();
        int found = claim(wanted, free);
        // A job that has just been claimed did not wait for that.
        if (found == 0 || leases.manyEnded()) {
            source.close(leases.takeEnded());
        }
        if (found > 0) {
            foundAt = began;
            if (untilBusy().isZero()) {
                sleeper.unregister();
            }
        }
        if (found == 0 && moreMayCome()) {
            gather(LONGEST_GATHERING.toNanos());
            return;
        }
        if (sweep.goOn(/* idle= */ found == 0, System.nanoTime()) && found == 0) {
            return;
        }
        // Who was registered before this claim need not make sure of its result by another one.
        boolean empty = found == 0 || (found < wanted && sleeper.registered());
        if (empty && !sleeper.register()) {
            sleep(found, wanted - found);
        } else if (found > 0 && found < wanted) {
            gather(System.nanoTime() - began);
        }
    }

    /** Jobs go on coming, some at a time: at most a quarter of the time goes into claiming them. */
    private void gather(long nanos) throws InterruptedException {
        waitsForHands = false;
        wakeup.await(shorter(Duration.ofNanos(3 * nanos), LONGEST_GATHERING));
    }

    /** Whether pushes do not wake this node, and some came a moment ago. */
    private boolean moreMayCome() {
        return !sleeper.registered() && System.nanoTime() - foundAt < QUIET.toNanos();
    }

    private void awaitHands() throws InterruptedException {
        if (untilBusy().isZero()) {
            sleeper.unregister();
        }
        wakeup.await(sleeper.registered() ? shorter(untilBusy(), leases.untilNext()) : leases.untilNext());
    }

    private Duration untilBusy() {
        return Duration.ofNanos(Math.max(0, awakeSince + BUSY.toNanos() - System.nanoTime()));
    }

    private void sleep(int found, int room) throws InterruptedException {
        boolean rowsAsked = rows.isNext(found == 0, sleeper.registered());
        Nap nap = sleeper.nap();
        rows.looked(nap.due(), nap.overdue());
        if (nap.longest().isZero() || stopping()) {
            return;
        }
        if (!rowsAsked && rows.isNext(found == 0, sleeper.registered())) {
            claimRows(room);
            return;
        }
        Told.tell(() -> listener.asleep(store.queue()));
        // Without a registration, that a hand is free is a chance to find what came meanwhile before the next poll.
        waitsForHands = !sleeper.registered();
        wakeup.await(shorter(rows.nap(nap.longest()), leases.untilNext()));
        awakeSince = System.nanoTime();
    }

    private void hasRoom() {
        if (waitsForHands) {
            wakeup.call();
        }
    }

    /**
     * The plain lane comes first, and the other one gets what it leaves: at most as many as there are threads, since each
     * of them has a lease of its own. Did it leave nothing, it is the turn of the other lane as soon as that has waited
     * for a moment. A lane of rows that had none lately is not asked each time: before it sleeps, a node that is registered
     * looks at the whole queue anyway.
     */
    private int claim(int wanted, int free) {
        int first = rows.isFirst() ? claimRows((wanted + 1) / 2) : 0;
        int room = wanted - first;
        int plain = room == 0 || stopping() ? 0 : claimPlain(room, Math.max(0, free - first));
        rows.passedOver(first == 0 && plain == room);
        boolean none = plain == 0 && !moreMayCome();
        boolean rowsNext = first == 0 && plain < room && !stopping() && rows.isNext(none, sleeper.registered());
        return first + plain + (rowsNext ? claimRows(room - plain) : 0);
    }

    private int claimPlain(int limit, int free) {
        long asked = System.nanoTime();
        List<Claimed<T>> jobs = source.claimPlain(limit, free);
        demand.claimed(limit, jobs.size(), Claimed.characters(jobs), asked, System.nanoTime());
        hands.reserve(demand.reserve());
        begin(jobs, asked, /* first= */ false);
        return jobs.size();
    }

    private int claimRows(int limit) {
        long asked = System.nanoTime();
        List<Claimed<T>> jobs = source.claimRows(Math.min(concurrency, limit));
        rows.asked(asked, jobs.size());
        begin(jobs, asked, /* first= */ true);
        return jobs.size();
    }

    private void begin(List<Claimed<T>> jobs, long asked, boolean first) {
        if (jobs.isEmpty()) {
            return;
        }
        leases.claimed(Claimed.jobs(jobs), asked);
        try {
            hands.give(jobs, first);
        } catch (RuntimeException | Error noThread) {
            giveBack(hands.takeStranded());
            throw noThread;
        }
    }

    /** On a thread that has nothing else to do. */
    private void work(Claimed<T> claimed) {
        Job<T> job = claimed.job();
        if (!leases.holds(job)) {
            LOG.log(Level.DEBUG, "{0} was lost before it began", job);
            leases.ended(job);
            return;
        }
        JobRun<T> run = runs.apply(claimed);
        running.add(run);
        run.run();
    }

    /** Another node has died. */
    void takeOver(String dead) {
        source.takeOver(dead);
    }

    void workFewer() {
        hands.workFewer();
    }

    private void giveBack(List<Claimed<T>> waiting) {
        List<Job<?>> plain = new ArrayList<>();
        for (Job<T> job : Claimed.jobs(waiting)) {
            if (job.lease() == null) {
                quietly(() -> leases.release(job));
            } else {
                plain.add(job);
            }
        }
        if (!plain.isEmpty()) {
            quietly(() -> leases.releaseAll(plain));
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void rest(Duration pause) {
        try {
            wakeup.await(pause);
        } catch (InterruptedException e) {
            interrupted();
        }
    }

    /** Claims no more, lets the running jobs end, interrupts those that do not, and gives back what is left then. */
    @Override
    public void close() {
        Shutdown.of(List.of(this), drainTimeout);
    }

    /** Claims no more and begins nothing more; the claiming thread gives back what waits. */
    void stop() {
        stopSignal.countDown();
        hands.stop();
        wakeup.call();
    }

    /** Whether one of its jobs is the one who calls. */
    boolean runsCaller() {
        return running.haveCaller();
    }

    /** Waits until no job runs, at most until the moment given. */
    void awaitJobs(long deadline) throws InterruptedException {
        // First the thread that may just be claiming some; then those that it does not wait for, if it was interrupted.
        claimer.join(millisUntil(deadline));
        giveBack(hands.takeWaiting());
        running.awaitNone(deadline);
        completions.awaitWritten(deadline);
    }

    void interruptJobs() {
        running.now().forEach(run -> run.cancel(Cancellation.SHUTDOWN));
    }

    /** Gives back what still runs. */
    void abandon() {
        abandoned = true;
        wakeup.call();
        running.now().forEach(this::giveBack);
    }

    private void giveBack(JobRun<T> run) {
        if (run.inTransaction()) {
            // To write to its row would wait for that transaction, whose end decides about the job anyway.
            LOG.log(Level.WARNING, "{0} does not stop; the end of its transaction decides about it", run.job());
        } else if (run.timedOut()) {
            LOG.log(Level.WARNING, "{0} does not stop; it is taken over when its lease ends", run.job());
        } else {
            LOG.log(Level.WARNING, "{0} does not stop; it is given back, and its outcome will be refused", run.job());
            quietly(() -> leases.release(run.job()));
        }
    }

    void tidyUp() {
        if (pool != null) {
            pool.shutdown();
        }
        completions.close();
        quietly(() -> source.close(leases.takeEnded()));
        quietly(sleeper::unregister);
        hub.unlisten(store.queue().channel(), wakeup);
        LOG.log(Level.DEBUG, "queue {0} is not worked any more", store.queue());
    }

    /** Waits for the threads that do not run a job any more, at most until the moment given. */
    void awaitThreads(long deadline) throws InterruptedException {
        claimer.join(millisUntil(deadline));
        completions.awaitThread(deadline);
        if (pool != null && running.isEmpty()) {
            // The pool says that it has terminated a moment before its threads have.
            for (Thread thread : pooled) {
                thread.join(millisUntil(deadline));
            }
        }
    }

    private static long millisUntil(long deadline) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    }

    private void quietly(Runnable last) {
        try {
            last.run();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "could not tidy up after queue {0}: {1}", store.queue(), Text.printable(e.toString()));
        }
    }
}
