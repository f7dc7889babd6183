package io.github.pgqueue.it.soak;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How long something goes on: who rests meanwhile is woken by the end. */
final class Span {

    private final CountDownLatch end = new CountDownLatch(1);

    /** Rests so long, or until the end. */
    void rest(Duration pause) throws InterruptedException {
        boolean unused = end.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean over() {
        return end.getCount() == 0;
    }

    void end() {
        end.countDown();
    }
}
