package io.github.pgqueue.internal.channel;

import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.Text;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sends, from a thread of its own, what belongs to transactions that have been committed: wake-ups, of which any
 * number for one queue become one, and signals in their order. So no commit waits for NOTIFY's lock, and a transaction
 * with two resources can be prepared. What it holds is lost with the process, and a signal that the database refuses is
 * not sent again: a lost wake-up costs one poll interval. Thread-safe.
 *
 * <p>An interrupt, as a server may send before it stops an application, ends the thread once it has sent what is there;
 * what comes after it, such as the wake-ups of jobs that are given back, is sent by {@link #close()} itself.
 */
public final class Outbox implements AutoCloseable {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.channel");
    private static final int CAPACITY = 10_000;

    /**
     * A signal to be sent.
     *
     * @param channel the channel's full name
     * @param payload the text
     */
    private record Signal(String channel, String payload) {}

    private final Database database;
    private final ThreadFactory threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<QueueName> wakes = new LinkedHashSet<>();
    private final List<Signal> signals = new ArrayList<>();
    private boolean closed;
    private boolean interrupted;
    private @Nullable Thread thread;

    public Outbox(Database database, ThreadFactory threads) {
        this.database = database;
        this.threads = threads;
    }

    /** Wakes the workers of a queue on every node, if any sleeps. */
    public void wake(QueueName queue) {
        add(() -> wakes.add(queue));
    }

    /** Sends a signal. */
    public void send(String fullChannel, String payload) {
        add(() -> {
            if (signals.size() < CAPACITY) {
                signals.add(new Signal(fullChannel, payload));
            } else {
                LOG.log(Level.WARNING, "more than {0} signals wait to be sent: one is dropped", CAPACITY);
            }
        });
    }

    private void add(Runnable addition) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            addition.run();
            if (thread == null && !interrupted) {
                thread = started();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Without a thread, what is to be sent waits for the next try: who pushes or publishes must not fail by it. */
    private @Nullable Thread started() {
        try {
            Thread made = threads.newThread(this::run);
            made.setName("pg-queue outbox");
            made.start();
            return made;
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "no thread to send wake-ups and signals: {0}", Text.printable(e.toString()));
            return null;
        }
    }

    private void run() {
        try {
            while (awaitAny()) {
                sendAll();
            }
        } catch (InterruptedException e) {
            lock.lock();
            try {
                interrupted = true;
            } finally {
                lock.unlock();
            }
            sendAll();
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until there is something to send; false if there will be nothing more. */
    private boolean awaitAny() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (wakes.isEmpty() && signals.isEmpty()) {
                if (closed) {
                    return false;
                }
                changed.await();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void sendAll() {
        List<QueueName> woken;
        List<Signal> sent;
        lock.lock();
        try {
            woken = List.copyOf(wakes);
            sent = List.copyOf(signals);
            wakes.clear();
            signals.clear();
        } finally {
            lock.unlock();
        }
        if (!woken.isEmpty() || !sent.isEmpty()) {
            send(woken, sent);
        }
    }

    private void send(List<QueueName> woken, List<Signal> sent) {
        try {
            database.transactions().outside(connection -> {
                if (!woken.isEmpty()) {
                    wake(connection, database, woken);
                }
                for (Signal signal : sent) {
                    Publishing.publish(connection, database.schema(), signal.channel(), signal.payload());
                }
                return true;
            });
        } catch (PgQueueException e) {
            LOG.log(
                    Level.WARNING,
                    "{0} wake-ups and up to {1} signals could not be sent: {2}",
                    woken.size(),
                    sent.size(),
                    e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "wake-ups and signals could not be sent: {0}", Text.printable(e.toString()));
        }
    }

    /** Notifies on the connection, if somebody sleeps: with the commit of its transaction, if there is one. */
    static void wake(Connection connection, Database database, List<QueueName> queues) throws SQLException {
        String prefix = database.binding().channelPrefix();
        String[] names = queues.stream().map(QueueName::value).toArray(String[]::new);
        String[] channels =
                queues.stream().map(queue -> prefix + queue.channel()).toArray(String[]::new);
        Jdbc.query(
                connection,
                database.schema().fill(ChannelSql.WAKE),
                statement -> {
                    statement.setArray(1, connection.createArrayOf("text", names));
                    statement.setArray(2, connection.createArrayOf("text", channels));
                },
                row -> true);
    }

    /** Whether its thread has ended, for whatever reason. */
    public boolean ended() {
        lock.lock();
        try {
            return thread != null && thread.getState() == Thread.State.TERMINATED;
        } finally {
            lock.unlock();
        }
    }

    /** Sends what is there, then ends. */
    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            running = thread;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (running != null) {
            try {
                running.join(TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        sendAll();
    }
}
