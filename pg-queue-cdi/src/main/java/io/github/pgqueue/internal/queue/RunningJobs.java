package io.github.pgqueue.internal.queue;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The jobs that a worker runs at this moment, or has given to threads that will. Thread-safe. */
final class RunningJobs<T> {

    private final Set<JobRun<T>> runs = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();

    void add(JobRun<T> run) {
        runs.add(run);
    }

    void remove(JobRun<T> run) {
        runs.remove(run);
        if (runs.isEmpty()) {
            lock.lock();
            try {
                ended.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    int size() {
        return runs.size();
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /** As it is now. */
    Collection<JobRun<T>> now() {
        return List.copyOf(runs);
    }

    /** Whether the calling thread is inside the handler of one of them: it must not wait for their end. */
    boolean haveCaller() {
        return runs.stream().anyMatch(JobRun::isCaller);
    }

    /** Waits until there is none, at most until the moment given, as {@link System#nanoTime()} tells. */
    boolean awaitNone(long deadline) throws InterruptedException {
        lock.lock();
        try {
            long left = deadline - System.nanoTime();
            while (!runs.isEmpty() && left > 0) {
                left = ended.awaitNanos(left);
            }
            return runs.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
