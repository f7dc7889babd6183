package io.github.pgqueue.it.servers.lifecycle;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A few clients that push, or have the application push, whether it is there or not, until they are closed. */
final class Pushers implements AutoCloseable {

    private static final int CLIENTS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Workers must keep up, and a server that is away is not to be overrun. */
    private static final int PAUSE_MILLIS = 50;

    private final Predicate<String> push;
    private final String name;
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger count = new AtomicInteger();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

    /**
     * Begins to push.
     *
     * @param push pushes, and tells whether it surely has
     * @param name makes what is pushed unlike that of others
     */
    Pushers(Predicate<String> push, String name) {
        this.push = push;
        this.name = name;
        for (int i = 0; i < CLIENTS; i++) {
            clients.execute(this::push);
        }
    }

    private void push() {
        try {
            do {
                String what = name + "-" + count.incrementAndGet();
                if (push.test(what)) {
                    acknowledged.add(what);
                }
            } while (!end.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until so many more pushes were acknowledged. */
    void awaitMore(int more) {
        int wanted = acknowledged.size() + more;
        Awaitility.await(more + " more pushes")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> acknowledged.size() >= wanted);
    }

    /** What was acknowledged so far. */
    Set<String> acknowledged() {
        return acknowledged;
    }

    @Override
    public void close() {
        end.countDown();
        clients.shutdown();
        Awaitility.await("end of the pushes").atMost(PATIENCE).until(clients::isTerminated);
    }
}
