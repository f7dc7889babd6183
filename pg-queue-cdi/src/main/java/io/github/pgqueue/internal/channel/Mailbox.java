package io.github.pgqueue.internal.channel;

import io.github.pgqueue.channel.Notification;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Notifications that wait to be received; bounded, the oldest give way. Thread-safe. */
final class Mailbox implements NotificationSink {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.channel");
    private static final int CAPACITY = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Notification> waiting = new ArrayDeque<>();
    private boolean dropping;
    private boolean closed;

    @Override
    public void accept(Notification notification) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (waiting.size() == CAPACITY) {
                waiting.removeFirst();
                warnOnce(notification.channel());
            }
            waiting.addLast(notification);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void warnOnce(String channel) {
        if (!dropping) {
            dropping = true;
            LOG.log(
                    Level.WARNING,
                    "a receiver is too slow: more than {0} notifications wait for it, the oldest are dropped"
                            + " (channel {1})",
                    CAPACITY,
                    channel);
        }
    }

    /** The next one, null if there is none in time or the box is closed and empty. */
    @Nullable
    Notification poll(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            Notification next = waiting.pollFirst();
            // Only who has caught up is worth another warning.
            dropping &= !waiting.isEmpty();
            return next;
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
