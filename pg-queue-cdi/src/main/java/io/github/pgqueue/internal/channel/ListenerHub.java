package io.github.pgqueue.internal.channel;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.NodeStatus.Listening;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.ListenConnection;
import io.github.pgqueue.internal.jdbc.ListenConnection.Received;
import io.github.pgqueue.internal.jdbc.Text;
import io.github.pgqueue.spi.PgQueueListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The one listening connection of a manager, and its one thread, which only distributes what arrives. It starts with
 * the first sink, reconnects by itself with growing pauses, listens again to everything, and then tells each sink that
 * notifications may have been missed. Thread-safe.
 *
 * <p>Where notifications do not come through (a transaction-pooling proxy), it says so once and stays away for good
 * minutes at a time: whoever needs a wake-up polls anyway.
 */
public final class ListenerHub implements AutoCloseable {

    /** What {@link #held} tells while the lock is not held. */
    public static final long NOT_HELD = 0;

    private static final Logger LOG = System.getLogger("io.github.pgqueue.channel");
    private static final int POLL_MILLIS = 50;
    private static final Duration ALIVE_CHECK = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration POLL_ONLY_PAUSE = Duration.ofMinutes(1);
    private static final Duration LISTEN_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LOCK_PAUSE = Duration.ofSeconds(1);
    private static final Duration HELD_BACK_LOOK = Duration.ofMillis(100);

    private final Database database;
    private final DataSource dataSource;
    private final ListenConfig config;
    private final PgQueueListener listener;
    private final ThreadFactory threads;
    private final String controlChannel;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** By the channel's name without the schema's prefix, for which the database must be there. Guarded by the lock. */
    private final Map<String, List<NotificationSink>> sinks = new HashMap<>();
    /** What the connection listens to at this moment: channels by their full names. Guarded by the lock. */
    private final Map<String, String> listened = new HashMap<>();

    private volatile @Nullable String lockName;
    private volatile long held = NOT_HELD;
    private long connections = NOT_HELD;
    private volatile boolean begun;
    private volatile boolean connected;
    private volatile boolean closed;
    private volatile boolean pollOnly;
    private @Nullable Thread thread;

    public ListenerHub(
            Database database,
            DataSource dataSource,
            ListenConfig config,
            PgQueueListener listener,
            ThreadFactory threads,
            String node) {
        this.database = database;
        this.dataSource = dataSource;
        this.config = config;
        this.listener = listener;
        this.threads = threads;
        this.controlChannel = "pg_queue_node_" + node;
    }

    /** Whether notifications arrive at this moment. */
    public boolean listening() {
        return connected;
    }

    /** The state of the connection, for those who look at it from outside. */
    public Listening state() {
        if (!config.enabled()) {
            return Listening.OFF;
        }
        if (connected) {
            return Listening.LISTENING;
        }
        if (pollOnly) {
            return Listening.POLL_ONLY;
        }
        return runner() == null ? Listening.IDLE : Listening.LOST;
    }

    /** Whether its thread has ended, for whatever reason. */
    public boolean ended() {
        Thread running = runner();
        return running != null && running.getState() == Thread.State.TERMINATED;
    }

    private @Nullable Thread runner() {
        lock.lock();
        try {
            return thread;
        } finally {
            lock.unlock();
        }
    }

    /** Has the connection hold the session lock of that name whenever there is one. It opens no connection for it. */
    public void hold(String name) {
        lockName = name;
    }

    /** Whether the lock is held at this moment: the number of the connection that does, or {@link #NOT_HELD}. */
    public long held() {
        return held;
    }

    /** Whether this manager may listen at all. */
    public boolean enabled() {
        return config.enabled();
    }

    /**
     * Lets the sink have what arrives on the channel, from when this returns. Where the server holds the thread back
     * until the application has started, as Open Liberty does with managed ones, it returns without waiting for that,
     * since the application may be waiting for it in turn.
     *
     * @throws ConfigurationException PGQ7020 if this manager cannot listen, PGQ7021 if there is no connection in time
     */
    public void listen(String channel, NotificationSink sink) {
        String unusedOnceChecked = fullName(channel);
        register(channel, sink);
        if (!awaitListened(channel)) {
            unlisten(channel, sink);
            throw closed ? new ManagerClosedException("the manager") : noConnection(channel);
        }
    }

    /** The same, but returns at once, without asking the database, and is content if notifications never come. */
    public void listenWhenPossible(String channel, NotificationSink sink) {
        if (config.enabled()) {
            register(channel, sink);
        }
    }

    public void unlisten(String channel, NotificationSink sink) {
        lock.lock();
        try {
            List<NotificationSink> others = sinks.get(channel);
            if (others != null && others.remove(sink) && others.isEmpty()) {
                sinks.remove(channel);
            }
        } finally {
            lock.unlock();
        }
    }

    private void register(String channel, NotificationSink sink) {
        if (!config.enabled()) {
            throw new ConfigurationException(
                    "PGQ7020", "nothing can be received: listening is switched off; set pg-queue.listen.enabled=true");
        }
        lock.lock();
        try {
            if (closed) {
                throw new ManagerClosedException("the manager");
            }
            sinks.computeIfAbsent(channel, name -> new CopyOnWriteArrayList<>()).add(sink);
            if (thread == null) {
                thread = threads.newThread(this::run);
                thread.setName("pg-queue listener");
                thread.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the channel is listened to, or will be as soon as the server lets the thread go. */
    private boolean awaitListened(String channel) {
        long left = LISTEN_TIMEOUT.toNanos();
        boolean heldBack = false;
        lock.lock();
        try {
            while (!closed && !pollOnly && left > 0 && !listened.containsValue(channel) && !heldBack) {
                long look = Math.min(left, HELD_BACK_LOOK.toNanos());
                left -= look - Math.max(0, changed.awaitNanos(look));
                heldBack = heldBack();
            }
            return (listened.containsValue(channel) || heldBack) && !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the server lets the thread wait before it does anything of ours. */
    private boolean heldBack() {
        Thread started = runner();
        return !begun && started != null && started.getState() == Thread.State.BLOCKED;
    }

    private ConfigurationException noConnection(String channel) {
        if (Thread.currentThread().isInterrupted()) {
            return new ConfigurationException(
                    "PGQ7021",
                    "the thread was interrupted while it waited for a connection that listens, for channel '" + channel
                            + "'");
        }
        return pollOnly
                ? new ConfigurationException(
                        "PGQ7020",
                        "nothing can be received on channel '" + channel + "': the data source's connections do not"
                                + " deliver notifications, as behind PgBouncer in transaction mode; set"
                                + " pg-queue.listen.url to a direct connection")
                : new ConfigurationException(
                        "PGQ7021",
                        "no connection that listens could be had within " + LISTEN_TIMEOUT + " for channel '" + channel
                                + "'; see the log for the reason");
    }

    private String fullName(String channel) {
        return ChannelName.full(database.binding().channelPrefix(), channel);
    }

    private void run() {
        begun = true;
        Duration pause = FIRST_PAUSE;
        boolean lost = false;
        while (!closed) {
            try (ListenConnection connection = ListenConnection.open(config, dataSource)) {
                if (connection.delivers(controlChannel)) {
                    connections++;
                    listenToAll(connection);
                    pollOnly = false;
                    pause = FIRST_PAUSE;
                    announce(lost);
                    distribute(connection);
                } else {
                    becomePollOnly();
                }
            } catch (SQLException | RuntimeException e) {
                if (connected || !lost) {
                    LOG.log(
                            Level.WARNING,
                            "listening is interrupted, polling goes on: {0}",
                            Text.printable(e.toString()));
                    Told.tell(() -> listener.listeningLost(e));
                }
                lost = true;
            } finally {
                forget();
            }
            rest(pollOnly ? POLL_ONLY_PAUSE : jittered(pause));
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private void becomePollOnly() {
        if (!pollOnly) {
            LOG.log(
                    Level.WARNING,
                    "the data source's connections do not deliver notifications, so workers only poll; set"
                            + " pg-queue.listen.url to a direct connection");
        }
        lock.lock();
        try {
            pollOnly = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        everySink().forEach(NotificationSink::pollOnly);
    }

    private void announce(boolean lost) {
        connected = true;
        LOG.log(Level.INFO, lost ? "listening again" : "listening");
        Told.tell(listener::listening);
        everySink().forEach(NotificationSink::missed);
    }

    private void distribute(ListenConnection connection) throws SQLException {
        long alive = System.nanoTime();
        long triedAt = alive - LOCK_PAUSE.toNanos();
        while (!closed) {
            if (Thread.currentThread().isInterrupted()) {
                stop();
                return;
            }
            listenToAll(connection);
            // Another session may have it: that of a connection before this one, which the server has not missed yet.
            String name = lockName;
            if (name != null && held == NOT_HELD && System.nanoTime() - triedAt >= LOCK_PAUSE.toNanos()) {
                triedAt = System.nanoTime();
                held = connection.tryLock(name) ? connections : NOT_HELD;
            }
            List<Received> arrived = connection.poll(POLL_MILLIS);
            arrived.forEach(this::distribute);
            if (!arrived.isEmpty()) {
                alive = System.nanoTime();
            } else if (System.nanoTime() - alive > ALIVE_CHECK.toNanos()) {
                if (!connection.isAlive()) {
                    throw new SQLException("the connection that listens does not answer", "08006");
                }
                alive = System.nanoTime();
            }
        }
    }

    private void distribute(Received received) {
        String channel;
        List<NotificationSink> interested;
        lock.lock();
        try {
            channel = listened.get(received.channel());
            interested = channel == null ? List.of() : sinks.getOrDefault(channel, List.of());
        } finally {
            lock.unlock();
        }
        if (channel != null && !interested.isEmpty()) {
            Notification notification = new Notification(channel, received.payload(), received.pid());
            interested.forEach(sink -> sink.accept(notification));
        }
    }

    /** Brings the connection to what is wanted, and tells those who wait for it. */
    private void listenToAll(ListenConnection connection) throws SQLException {
        Set<String> begin;
        Set<String> end;
        lock.lock();
        try {
            begin = new HashSet<>(sinks.keySet());
            begin.removeAll(listened.values());
            end = new HashSet<>(listened.values());
            end.removeAll(sinks.keySet());
            // Before UNLISTEN runs, so that who wants the channel again meanwhile waits for a new LISTEN.
            listened.values().removeAll(end);
        } finally {
            lock.unlock();
        }
        if (begin.isEmpty() && end.isEmpty()) {
            return;
        }
        Map<String, String> fullNames = new HashMap<>();
        for (String channel : begin) {
            fullNames.put(fullName(channel), channel);
        }
        for (String fullName : fullNames.keySet()) {
            connection.listen(fullName);
        }
        for (String channel : end) {
            connection.unlisten(fullName(channel));
        }
        Set<NotificationSink> begun = new HashSet<>();
        lock.lock();
        try {
            listened.putAll(fullNames);
            begin.forEach(channel -> begun.addAll(sinks.getOrDefault(channel, List.of())));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        begun.forEach(NotificationSink::listening);
    }

    private void forget() {
        lock.lock();
        try {
            connected = false;
            held = NOT_HELD;
            listened.clear();
        } finally {
            lock.unlock();
        }
        everySink().forEach(NotificationSink::deaf);
    }

    private Set<NotificationSink> everySink() {
        lock.lock();
        try {
            Set<NotificationSink> all = new HashSet<>();
            sinks.values().forEach(all::addAll);
            return all;
        } finally {
            lock.unlock();
        }
    }

    private void rest(Duration pause) {
        long left = pause.toNanos();
        lock.lock();
        try {
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** An interrupt, as a server may send before it stops an application, is a signal to stop. */
    private void stop() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static Duration jittered(Duration pause) {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(pause.toNanos() / 2, pause.toNanos() + 1));
    }

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
        if (running != null && running != Thread.currentThread()) {
            try {
                running.join(TimeUnit.SECONDS.toMillis(20));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
