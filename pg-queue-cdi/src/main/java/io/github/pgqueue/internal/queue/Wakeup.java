package io.github.pgqueue.internal.queue;

import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.internal.channel.NotificationSink;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes one waiting thread; a call that comes before the wait is not lost. Thread-safe. */
final class Wakeup implements NotificationSink {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean called;
    private boolean missed;

    void call() {
        lock.lock();
        try {
            called = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void accept(Notification notification) {
        call();
    }

    @Override
    public void missed() {
        lock.lock();
        try {
            missed = true;
        } finally {
            lock.unlock();
        }
        call();
    }

    /** Whether the connection has been lost and found since this was last asked. */
    boolean takeMissed() {
        lock.lock();
        try {
            boolean was = missed;
            missed = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a call, at most for so long. An interrupt that came before is told even if there is nothing to wait for. */
    void await(Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lockInterruptibly();
        try {
            while (!called && left > 0) {
                left = changed.awaitNanos(left);
            }
            called = false;
        } finally {
            lock.unlock();
        }
    }
}
