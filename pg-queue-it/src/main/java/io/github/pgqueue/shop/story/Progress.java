package io.github.pgqueue.shop.story;

import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Shows how the work goes on: every second at first, every five seconds when it takes longer. */
final class Progress implements AutoCloseable {

    private static final int OFTEN_SECONDS = 20;
    private static final int SELDOM_SECONDS = 5;

    private final Narrator narrator;
    private final Tally tally;
    private final Backlog backlog;
    private final Snapshots snapshots;
    private final Thread thread = new Thread(this::run, "order-shop-progress");
    private final CountDownLatch closed = new CountDownLatch(1);
    private final long begin = System.nanoTime();
    private long before = begin;
    private long placedBefore;

    Progress(Narrator narrator, Tally tally, Backlog backlog, Snapshots snapshots) {
        this.narrator = narrator;
        this.tally = tally;
        this.backlog = backlog;
        this.snapshots = snapshots;
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (int second = 1; !closed.await(1, TimeUnit.SECONDS); second++) {
                if (second <= OFTEN_SECONDS || second % SELDOM_SECONDS == 0) {
                    snapshots.take();
                    show();
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            System.getLogger(Progress.class.getName()).log(Level.WARNING, "there is no progress to show", e);
        }
    }

    private void show() {
        long placed = tally.placed.sum();
        long now = System.nanoTime();
        narrator.say(
                "work",
                "%3d s: %,d lines read, %,d orders placed (%,.0f/s); to do: %s",
                TimeUnit.NANOSECONDS.toSeconds(now - begin),
                tally.read.sum(),
                placed,
                (placed - placedBefore) * 1e9 / (now - before),
                backlog.describe());
        placedBefore = placed;
        before = now;
    }
}
