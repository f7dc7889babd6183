package io.github.pgqueue.internal.queue;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Ends several workers at once, so that the drain timeout is waited for only once: all stop claiming; what runs gets the
 * timeout, then an interrupt and a last moment; what still runs then is given back. On the thread that asks for it, which
 * may be inside of a job: that one cannot wait for its own end, and its worker goes on until the last job has ended.
 */
final class Shutdown {

    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private Shutdown() {}

    static void of(Collection<WorkerLoop<?>> workers, Duration drainTimeout) {
        workers.forEach(WorkerLoop::stop);
        List<WorkerLoop<?>> drained =
                workers.stream().filter(worker -> !worker.runsCaller()).toList();
        drain(drained, drainTimeout);
        drained.forEach(WorkerLoop::abandon);
        workers.forEach(WorkerLoop::tidyUp);
        awaitThreads(drained);
    }

    private static void drain(List<WorkerLoop<?>> workers, Duration timeout) {
        try {
            awaitJobs(workers, timeout);
            workers.forEach(WorkerLoop::interruptJobs);
            awaitJobs(workers, LAST_WORDS);
        } catch (InterruptedException e) {
            workers.forEach(WorkerLoop::interruptJobs);
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitJobs(List<WorkerLoop<?>> workers, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (WorkerLoop<?> worker : workers) {
            worker.awaitJobs(deadline);
        }
    }

    private static void awaitThreads(List<WorkerLoop<?>> workers) {
        long deadline = System.nanoTime() + LAST_WORDS.toNanos();
        try {
            for (WorkerLoop<?> worker : workers) {
                worker.awaitThreads(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
