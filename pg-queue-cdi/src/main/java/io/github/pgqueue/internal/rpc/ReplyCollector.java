package io.github.pgqueue.internal.rpc;

import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.RequestTimeoutException;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.internal.channel.ListenerHub;
import io.github.pgqueue.internal.channel.NotificationSink;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.Text;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands answers to those who wait for them: one channel and one thread for all requests of a manager. A notification
 * says only that something has come; so that a lost one costs little, the thread also looks by itself, after 25 ms and
 * then ever more rarely, up to every 500 ms. Thread-safe.
 */
final class ReplyCollector implements NotificationSink, AutoCloseable {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.rpc");
    private static final Duration FIRST_LOOK = Duration.ofMillis(25);
    private static final Duration RAREST_LOOK = Duration.ofMillis(500);

    private record Collected(UUID id, Reply reply) {}

    private final Database database;
    private final ListenerHub hub;
    private final ThreadFactory threads;
    private final String channel;
    private final Map<UUID, PendingRequest> pending = new ConcurrentHashMap<>();
    /** Requests whose callers are gone, to be given up. */
    private final Set<UUID> deserted = ConcurrentHashMap.newKeySet();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean called;
    private boolean closed;
    private @Nullable Thread thread;

    ReplyCollector(Database database, ListenerHub hub, ThreadFactory threads, String node) {
        this.database = database;
        this.hub = hub;
        this.threads = threads;
        this.channel = "pg_queue_reply_" + node;
    }

    /** The channel on which this node is told that an answer has come. */
    String channel() {
        return channel;
    }

    /** Must be called before the request is pushed. */
    void expect(PendingRequest request) {
        lock.lock();
        try {
            if (closed) {
                throw new ManagerClosedException("the manager");
            }
            pending.put(request.id(), request);
            if (thread == null) {
                hub.listenWhenPossible(channel, this);
                thread = threads.newThread(this::run);
                thread.setName("pg-queue replies");
                thread.start();
            }
            called = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The request was not pushed. */
    void forget(PendingRequest request) {
        pending.remove(request.id());
    }

    /** The caller does not wait any longer. */
    void desert(PendingRequest request) {
        deserted.add(request.id());
        pending.remove(request.id());
        call();
    }

    /** Whether who calls would wait for itself. */
    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void accept(Notification notification) {
        call();
    }

    @Override
    public void missed() {
        call();
    }

    private void call() {
        lock.lock();
        try {
            called = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Duration look = FIRST_LOOK;
        try {
            while (true) {
                boolean wasCalled = await(look);
                if (isClosed()) {
                    return;
                }
                look = wasCalled || look.multipliedBy(2).compareTo(RAREST_LOOK) > 0
                        ? (wasCalled ? FIRST_LOOK : RAREST_LOOK)
                        : look.multipliedBy(2);
                if (anythingToDo()) {
                    collect();
                }
            }
        } catch (InterruptedException e) {
            // As a server does before it stops an application. Without this thread no caller would ever be told.
            stop();
            tellClosed();
            Thread.currentThread().interrupt();
        }
    }

    private boolean anythingToDo() {
        return !pending.isEmpty() || !deserted.isEmpty();
    }

    private void collect() {
        try {
            List<PendingRequest> expired =
                    pending.values().stream().filter(PendingRequest::expired).toList();
            database.transactions()
                    .outside(connection -> replies(connection, pending.keySet()))
                    .forEach(this::deliver);
            giveUp(expired);
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "answers could not be collected, trying again: {0}", Text.printable(e.toString()));
            // Without the database there is no answer, but the caller's patience ends all the same.
            pending.values().stream().filter(PendingRequest::expired).forEach(this::timeOut);
        }
    }

    private List<Collected> replies(Connection connection, Collection<UUID> ids) throws SQLException {
        return Jdbc.query(
                connection,
                database.schema().fill(RpcSql.COLLECT),
                statement -> statement.setArray(1, connection.createArrayOf("uuid", ids.toArray())),
                row -> new Collected(
                        row.getObject("request_id", UUID.class),
                        new Reply(
                                row.getString("response"),
                                row.getString("error_type"),
                                row.getString("error_message"))));
    }

    private void deliver(Collected collected) {
        PendingRequest request = pending.remove(collected.id());
        if (request != null) {
            request.reply().complete(collected.reply());
        }
    }

    private void giveUp(List<PendingRequest> expired) {
        List<PendingRequest> unanswered = expired.stream()
                .filter(request -> pending.containsKey(request.id()))
                .toList();
        List<UUID> ids = new ArrayList<>(deserted);
        unanswered.forEach(request -> ids.add(request.id()));
        if (!ids.isEmpty()) {
            abandon(ids);
            unanswered.forEach(this::timeOut);
            ids.forEach(deserted::remove);
        }
    }

    private void abandon(Collection<UUID> ids) {
        String sql = database.schema().fill(RpcSql.ABANDON);
        database.transactions()
                .outside(connection -> Jdbc.update(
                        connection,
                        sql,
                        statement -> statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()))));
    }

    private void timeOut(PendingRequest request) {
        if (pending.remove(request.id()) != null) {
            request.reply()
                    .completeExceptionally(
                            new RequestTimeoutException(request.queue(), request.id(), request.timeout()));
        }
    }

    /** Whether there was a call; waits for it as long as nothing is to be looked for, else at most for so long. */
    private boolean await(Duration look) throws InterruptedException {
        lock.lock();
        try {
            long left = untilLook(look);
            while (!called && !closed && (!anythingToDo() || left > 0)) {
                if (!anythingToDo()) {
                    changed.await();
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            boolean was = called;
            called = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    private long untilLook(Duration look) {
        long now = System.nanoTime();
        return pending.values().stream()
                .mapToLong(request -> Math.max(0, request.expiresAt() - now))
                .reduce(look.toNanos(), Math::min);
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Thread stop() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            return thread;
        } finally {
            lock.unlock();
        }
    }

    private void tellClosed() {
        pending.values()
                .forEach(request -> request.reply().completeExceptionally(new ManagerClosedException("the manager")));
    }

    @Override
    public void close() {
        Thread running = stop();
        if (running != null) {
            hub.unlisten(channel, this);
            try {
                running.join(TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        tellClosed();
        abandonTheRest();
        pending.clear();
    }

    private void abandonTheRest() {
        deserted.addAll(pending.keySet());
        if (!deserted.isEmpty()) {
            try {
                abandon(deserted);
            } catch (RuntimeException e) {
                LOG.log(Level.DEBUG, "requests are left to be cleaned up: {0}", Text.printable(e.toString()));
            }
        }
    }
}
