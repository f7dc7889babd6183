package io.github.pgqueue.internal.queue;

import io.github.pgqueue.internal.channel.ListenerHub;
import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.SchemaName;
import io.github.pgqueue.internal.jdbc.Text;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets the other nodes see that this one lives, and takes over the jobs of those that died, on a thread of its own.
 *
 * <p>A node holds a session lock on the connection that listens. When its process dies, the server ends that session and
 * frees the lock within moments, long before the leases end. A free lock is a suspicion only: the connection may have
 * been lost while the node lives. So a node whose connection is gone says over another one that it cannot be judged until
 * it has a new one; a node is dead if its lock was free twice in a row and it has not said so; and whatever was
 * registered before the server was started counts for nothing. Should a living node be taken for a dead one all the same,
 * it loses its leases, as one that hangs does: what it holds is fenced.
 *
 * <p>A node that does not listen is not judged; its jobs are taken over when their leases end.
 */
final class Presence implements AutoCloseable {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.queue");
    private static final Duration INTERVAL = Duration.ofMillis(250);
    /** For so long what a dead node left in its last moments is looked for. */
    private static final Duration MOURNING = Duration.ofMinutes(1);

    private final Scope outside;
    private final ListenerHub hub;
    private final Supplier<List<WorkerLoop<?>>> loops;
    private final String node;
    private final String lockPrefix;
    private final String arrive;
    private final String leave;
    private final String suspects;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /** When the lock of a node was first seen free. */
    private final Map<String, Long> suspected = new HashMap<>();

    private long registered = ListenerHub.NOT_HELD;
    private boolean failing;

    Presence(
            SchemaName schema,
            Scope outside,
            ListenerHub hub,
            Supplier<List<WorkerLoop<?>>> loops,
            ThreadFactory threads,
            String node) {
        this.outside = outside;
        this.hub = hub;
        this.loops = loops;
        this.node = node;
        this.lockPrefix = "pg_queue node " + schema.value() + ' ';
        this.arrive = schema.fill(PresenceSql.ARRIVE);
        this.leave = schema.fill(PresenceSql.LEAVE);
        this.suspects = schema.fill(PresenceSql.SUSPECTS);
        this.thread = threads.newThread(this::run);
        thread.setName("pg-queue presence");
    }

    void start() {
        hub.hold(lockPrefix + node);
        thread.start();
    }

    private void run() {
        try {
            while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            register(hub.held());
            judge();
            failing = false;
        } catch (RuntimeException | Error e) {
            suspected.clear();
            LOG.log(
                    failing ? Level.DEBUG : Level.WARNING,
                    "nobody looks for nodes that died at the moment: {0}",
                    Text.printable(Text.describe(e)));
            failing = true;
        }
    }

    /** Each connection that holds the lock is registered, since the server may have been started anew between two. */
    private void register(long held) {
        if (held == registered) {
            return;
        }
        update(held == ListenerHub.NOT_HELD ? leave : arrive, node);
        registered = held;
    }

    private void judge() {
        List<String> free = outside.run(connection -> Jdbc.query(
                connection, suspects, statement -> statement.setString(1, lockPrefix), row -> row.getString("node")));
        suspected.keySet().retainAll(free);
        for (String other : free) {
            Long since = suspected.putIfAbsent(other, System.nanoTime());
            if (since != null) {
                dead(other, since);
            }
        }
    }

    private void dead(String other, long since) {
        loops.get().forEach(loop -> loop.takeOver(other));
        if (System.nanoTime() - since > MOURNING.toNanos()) {
            update(leave, other);
        }
    }

    private void update(String sql, String subject) {
        outside.run(connection -> Jdbc.update(connection, sql, statement -> statement.setString(1, subject)));
    }

    /** Nothing of this node is left to be taken over. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
            if (registered != ListenerHub.NOT_HELD && !thread.isAlive()) {
                update(leave, node);
                registered = ListenerHub.NOT_HELD;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "the others were not told that this node is gone: {0}", Text.describe(e));
        }
    }
}
