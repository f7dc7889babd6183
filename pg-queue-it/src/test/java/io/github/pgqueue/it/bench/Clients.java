package io.github.pgqueue.it.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that begin their work at the same moment. */
final class Clients {

    private Clients() {}

    /** What each of them does. */
    @FunctionalInterface
    interface Work {
        void run(int client) throws Exception;
    }

    /** Returns the nanoseconds from the common start to the end of the last one. */
    static long run(int clients, Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            CountDownLatch ready = new CountDownLatch(clients);
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Void>> ends = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                ends.add(threads.submit(task(client, work, ready, start)));
            }
            ready.await();
            long begin = System.nanoTime();
            start.countDown();
            for (Future<Void> end : ends) {
                end.get();
            }
            return System.nanoTime() - begin;
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    private static Callable<Void> task(int client, Work work, CountDownLatch ready, CountDownLatch start) {
        return () -> {
            ready.countDown();
            start.await();
            work.run(client);
            return null;
        };
    }
}
