package io.github.pgqueue.shop.story;

import io.github.pgqueue.shop.desk.CardDeclinedException;
import io.github.pgqueue.shop.desk.DuplicateOrderException;
import io.github.pgqueue.shop.desk.OrderDesk;
import io.github.pgqueue.shop.orders.OrderLine;
import io.github.pgqueue.shop.runtime.ShopException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A few threads that place orders. Orders with the same id go to the same clerk, so that of two the first in the file is
 * the one that counts; and only so many orders wait at once. Used by one thread.
 */
final class Clerks implements AutoCloseable {

    private static final int CLERKS = 8;
    private static final int WAITING = 200;
    private static final int ATTEMPTS = 5;
    private static final long PAUSE_MILLIS = 200;

    private final OrderDesk desk;
    private final Tally tally;
    private final Rejections rejections;
    private final Semaphore places = new Semaphore(WAITING);
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final List<ExecutorService> clerks =
            Stream.generate(Executors::newSingleThreadExecutor).limit(CLERKS).toList();

    Clerks(OrderDesk desk, Tally tally, Rejections rejections) {
        this.desk = desk;
        this.tally = tally;
        this.rejections = rejections;
    }

    /** Hands an order to its clerk; waits if too many wait already. */
    void place(OrderLine.Accepted order) {
        throwFailure();
        places.acquireUninterruptibly();
        clerks.get(Math.floorMod(order.order().orderId().hashCode(), CLERKS)).execute(() -> {
            try {
                work(order);
            } catch (Exception e) {
                // Transaction managers throw checked exceptions of failed commits that the method does not declare.
                failure.compareAndSet(null, e);
            } finally {
                places.release();
            }
        });
    }

    /** A transaction that failed, for whatever reason, has left nothing behind; or it was committed after all. */
    private void work(OrderLine.Accepted line) throws Exception {
        for (int attempt = 1; true; attempt++) {
            try {
                workOnce(line);
                return;
            } catch (Exception e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                Pause.millis(attempt * PAUSE_MILLIS);
            }
        }
    }

    private void workOnce(OrderLine.Accepted line) {
        try {
            desk.place(line.line(), line.order());
            tally.placed.increment();
        } catch (DuplicateOrderException e) {
            if (e.firstLine() == line.line()) {
                tally.placed.increment();
            } else {
                tally.rejected.increment();
                rejections.add(line.line(), String.valueOf(e.getMessage()));
            }
        } catch (CardDeclinedException e) {
            desk.noteDeclined(line.line(), line.order());
            tally.rolledBack.increment();
        }
    }

    /** Returns when every order that was handed over has been worked. */
    void finish() {
        places.acquireUninterruptibly(WAITING);
        places.release(WAITING);
        throwFailure();
    }

    /** Sends the clerks home. */
    @Override
    public void close() {
        clerks.forEach(ExecutorService::shutdownNow);
        try {
            for (ExecutorService clerk : clerks) {
                clerk.awaitTermination(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void throwFailure() {
        Exception e = failure.get();
        if (e != null) {
            throw new ShopException("An order could not be placed: " + e.getMessage(), e);
        }
    }
}
