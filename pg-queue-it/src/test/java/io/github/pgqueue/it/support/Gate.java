package io.github.pgqueue.it.support;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds a handler at one place until the test lets it go on. */
public final class Gate {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /** The handler is here, and goes on when the gate is open; an interrupt ends the wait. */
    public void pass() throws InterruptedException {
        reached.countDown();
        if (!opened.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("nobody opened the gate");
        }
    }

    /** The same for a handler that does not listen to interrupts. */
    public void passStubbornly() {
        boolean interrupted = false;
        while (true) {
            try {
                pass();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until somebody is at the gate. */
    public void awaitReached() {
        await(reached, "nobody came to the gate");
    }

    public void open() {
        opened.countDown();
    }

    /** Waits for a latch, as long as a test may wait. */
    public static void await(CountDownLatch latch, String otherwise) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(otherwise);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(otherwise, e);
        }
    }
}
