package io.github.pgqueue.internal.queue;

import io.github.pgqueue.Subscription;
import io.github.pgqueue.internal.channel.ListenerHub;
import io.github.pgqueue.internal.channel.Told;
import io.github.pgqueue.internal.jdbc.Text;
import io.github.pgqueue.internal.queue.JobRun.Cancellation;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.spi.PgQueueListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Works one queue on this node: one thread claims as many jobs as there are free slots, renews the leases of those that
 * run, and sleeps when there is nothing; a pool of threads runs them. A failing database makes it wait, never end.
 */
final class WorkerLoop<T> implements Subscription {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.queue");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final QueueStore store;
    private final int concurrency;
    private final Duration drainTimeout;
    private final JobSource<T> source;
    private final Function<Job<T>, JobRun<T>> runs;
    private final Leases leases;
    private final Sleeper sleeper;
    private final ListenerHub hub;
    private final PgQueueListener listener;
    private final Wakeup wakeup = new Wakeup();
    private final Set<JobRun<T>> running = ConcurrentHashMap.newKeySet();
    private final ExecutorService pool;
    private final Thread claimer;

    private volatile boolean stopping;
    private volatile boolean abandoned;

    WorkerLoop(
            QueueStore store,
            int concurrency,
            Duration drainTimeout,
            JobSource<T> source,
            RunFactory<T> runs,
            Leases leases,
            Sleeper sleeper,
            ListenerHub hub,
            PgQueueListener listener,
            ThreadFactory threads) {
        this.store = store;
        this.concurrency = concurrency;
        this.drainTimeout = drainTimeout;
        this.source = source;
        this.runs = job -> runs.create(job, this::ended);
        this.leases = leases;
        this.sleeper = sleeper;
        this.hub = hub;
        this.listener = listener;
        this.pool = pool(concurrency, threads, "pg-queue " + store.queue() + '-');
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
        JobRun<T> create(Job<T> job, Consumer<JobRun<T>> onEnd);
    }

    private static ExecutorService pool(int size, ThreadFactory threads, String name) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(size, size, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = threads.newThread(task);
                    thread.setName(name + count.incrementAndGet());
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

    private void ended(JobRun<T> run) {
        running.remove(run);
        wakeup.call();
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        boolean failing = false;
        while (!abandoned && (!stopping || !running.isEmpty())) {
            try {
                step();
                pause = FIRST_PAUSE;
                failing = false;
            } catch (InterruptedException e) {
                stopping = true;
                abandoned = true;
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

    private void step() throws InterruptedException {
        leases.renew(running);
        int free = concurrency - running.size();
        if (stopping || free == 0) {
            wakeup.await(leases.untilNext());
            return;
        }
        if (wakeup.takeMissed()) {
            sleeper.forget();
        }
        List<Job<T>> jobs = source.claim(free);
        if (!jobs.isEmpty()) {
            begin(jobs);
        } else if (!sleeper.register()) {
            Told.tell(() -> listener.asleep(store.queue()));
            wakeup.await(shorter(sleeper.nap(), leases.untilNext()));
        }
    }

    private void begin(List<Job<T>> jobs) {
        leases.began();
        for (int next = 0; next < jobs.size(); next++) {
            JobRun<T> run = runs.apply(jobs.get(next));
            running.add(run);
            try {
                pool.execute(run);
            } catch (RuntimeException | Error noThread) {
                running.remove(run);
                jobs.subList(next, jobs.size()).forEach(job -> quietly(() -> leases.release(job)));
                throw noThread;
            }
        }
        if (jobs.size() == concurrency) {
            sleeper.unregister();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void rest(Duration pause) {
        try {
            wakeup.await(pause);
        } catch (InterruptedException e) {
            stopping = true;
            abandoned = true;
        }
    }

    /** Claims no more, lets the running jobs end, interrupts those that do not, and gives back what is left then. */
    @Override
    public void close() {
        stopping = true;
        wakeup.call();
        // A job cannot wait for its own end. The loop goes on until the last one has ended.
        boolean closedByAJob = running.stream().anyMatch(JobRun::isCaller);
        if (!closedByAJob) {
            drain();
        }
        pool.shutdown();
        quietly(sleeper::unregister);
        hub.unlisten(store.queue().channel(), wakeup);
        if (!closedByAJob) {
            awaitThreads();
        }
        LOG.log(Level.DEBUG, "queue {0} is not worked any more", store.queue());
    }

    private void drain() {
        try {
            claimer.join(Math.max(1, drainTimeout.toMillis()));
            if (claimer.isAlive()) {
                running.forEach(run -> run.cancel(Cancellation.SHUTDOWN));
                claimer.join(LAST_WORDS.toMillis());
            }
        } catch (InterruptedException e) {
            running.forEach(run -> run.cancel(Cancellation.SHUTDOWN));
            Thread.currentThread().interrupt();
        }
        abandoned = true;
        wakeup.call();
        new HashSet<>(running).forEach(this::giveBack);
    }

    private void giveBack(JobRun<T> run) {
        if (run.inTransaction()) {
            // To write to its row would wait for that transaction, whose end decides about the job anyway.
            LOG.log(Level.WARNING, "{0} does not stop; the end of its transaction decides about it", run.job());
        } else {
            LOG.log(Level.WARNING, "{0} does not stop; it is given back, and its outcome will be refused", run.job());
            quietly(() -> leases.release(run.job()));
        }
    }

    /** Those that do not run a job any more need only a moment. */
    private void awaitThreads() {
        try {
            claimer.join(LAST_WORDS.toMillis());
            if (running.isEmpty()) {
                pool.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void quietly(Runnable last) {
        try {
            last.run();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "could not tidy up after queue {0}: {1}", store.queue(), Text.printable(e.toString()));
        }
    }
}
