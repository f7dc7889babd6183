package io.github.pgqueue.it.soak;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** Threads that go on until they are closed, and whose failures are not overlooked. */
final class Threads implements AutoCloseable {

    /** What a thread does. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Span span = new Span();
    private final List<Thread> started = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    /** Until they are closed; whoever rests is woken then. */
    Span span() {
        return span;
    }

    void start(String name, Work work) {
        Thread thread = new Thread(() -> run(work), "soak " + name);
        thread.setDaemon(true);
        started.add(thread);
        thread.start();
    }

    private void run(Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    /** Ends them; fails if one of them has failed. */
    @Override
    public void close() {
        span.end();
        Awaitility.await("end of " + started)
                .atMost(PATIENCE)
                .until(() -> started.stream().noneMatch(Thread::isAlive));
        if (!failures.isEmpty()) {
            AssertionError failed = new AssertionError("a thread of the soak failed");
            failures.forEach(failed::addSuppressed);
            throw failed;
        }
    }
}
