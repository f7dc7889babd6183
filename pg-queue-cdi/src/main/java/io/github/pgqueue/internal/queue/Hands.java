package io.github.pgqueue.internal.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads that run the jobs of a worker, and the jobs that wait for one of them: a thread that has ended a job takes
 * the next. Thread-safe.
 */
final class Hands<T> {

    private static final Duration FEWER = Duration.ofMinutes(1);

    private final String name;
    private final int concurrency;
    private final Executor executor;
    private final Consumer<Claimed<T>> work;
    private final Runnable low;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Claimed<T>> waiting = new ArrayDeque<>();
    private int busy;
    private int reserve;
    private boolean stopped;

    /** How many jobs run at once at most: fewer than configured while the pool of connections is too small for them. */
    private int slots;

    private long fewerUntil;

    /**
     * Makes them.
     *
     * @param name of the queue
     * @param work runs one job
     * @param low called when it is time to claim more
     */
    Hands(String name, int concurrency, Executor executor, Consumer<Claimed<T>> work, Runnable low) {
        this.name = name;
        this.concurrency = concurrency;
        this.slots = concurrency;
        this.executor = executor;
        this.work = work;
        this.low = low;
    }

    /** How many threads have nothing to do and nothing that waits for them. */
    int free() {
        lock.lock();
        try {
            return Math.max(0, slots() - busy - waiting.size());
        } finally {
            lock.unlock();
        }
    }

    /** How many jobs wait for a thread. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Calls back as soon as fewer than that wait. */
    void reserve(int value) {
        lock.lock();
        try {
            reserve = value;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives jobs to the threads. If it throws, no thread is to be had; what waits for none is {@link #takeStranded}.
     *
     * @param first whether they come before what waits already
     */
    void give(List<Claimed<T>> jobs, boolean first) {
        int wanted;
        lock.lock();
        try {
            if (first) {
                for (int i = jobs.size() - 1; i >= 0; i--) {
                    waiting.addFirst(jobs.get(i));
                }
            } else {
                waiting.addAll(jobs);
            }
            wanted = Math.max(0, Math.min(slots() - busy, waiting.size()));
            busy += wanted;
        } finally {
            lock.unlock();
        }
        while (wanted > 0) {
            try {
                executor.execute(new Hand());
            } catch (RuntimeException | Error noThread) {
                lost(wanted);
                throw noThread;
            }
            wanted--;
        }
    }

    private void lost(int threads) {
        lock.lock();
        try {
            busy -= threads;
        } finally {
            lock.unlock();
        }
    }

    /** Begins no job from now on. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes back every job that waits although no thread is busy. */
    List<Claimed<T>> takeStranded() {
        lock.lock();
        try {
            return busy > 0 ? List.of() : takeWaiting();
        } finally {
            lock.unlock();
        }
    }

    /** Takes back every job that waits. */
    List<Claimed<T>> takeWaiting() {
        lock.lock();
        try {
            List<Claimed<T>> taken = List.copyOf(waiting);
            waiting.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Jobs wait for each other's connections: half as many at once, for a minute. */
    void workFewer() {
        lock.lock();
        try {
            fewerUntil = System.nanoTime() + FEWER.toNanos();
            slots = Math.max(1, slots / 2);
        } finally {
            lock.unlock();
        }
    }

    private int slots() {
        if (slots < concurrency && System.nanoTime() - fewerUntil > 0) {
            slots = concurrency;
        }
        return slots;
    }

    /** One thread, for as long as there is something to do. */
    private final class Hand implements Runnable {

        @Override
        public void run() {
            for (Claimed<T> job = next(); job != null; job = next()) {
                work.accept(job);
            }
        }

        /** For executors that show what they run. */
        @Override
        public String toString() {
            return "pg-queue " + name;
        }
    }

    private @Nullable Claimed<T> next() {
        boolean more;
        @Nullable Claimed<T> job;
        lock.lock();
        try {
            job = stopped || busy > slots() ? null : waiting.poll();
            if (job == null) {
                busy--;
            }
            more = waiting.size() < reserve || job == null;
        } finally {
            lock.unlock();
        }
        if (more) {
            low.run();
        }
        return job;
    }
}
