package io.github.pgqueue.internal.channel;

import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.Subscription;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.Payloads;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** Everything about channels that a manager hands out. */
public final class Channels implements AutoCloseable {

    private final Database database;
    private final Payloads payloads;
    private final int maxBytes;
    private final ListenerHub hub;
    private final Outbox outbox;
    private final Duration drainTimeout;
    private final ThreadFactory threads;
    private final SignalReader reader;
    private final Set<Subscription> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public Channels(
            Database database,
            Payloads payloads,
            int maxBytes,
            ListenerHub hub,
            Outbox outbox,
            Duration drainTimeout,
            ThreadFactory threads) {
        this.database = database;
        this.payloads = payloads;
        this.maxBytes = maxBytes;
        this.hub = hub;
        this.outbox = outbox;
        this.drainTimeout = drainTimeout;
        this.threads = threads;
        this.reader = new SignalReader(database);
    }

    /** A channel whose publishing joins the transactions of the database given, which may be those of one connection. */
    public <T> EventChannel<T> channel(String name, Database joining) {
        return new DefaultEventChannel<>(name, joining, payloads, maxBytes, outbox);
    }

    public PgListener listener() {
        DefaultPgListener listener = new DefaultPgListener(hub, reader, open::remove);
        add(listener);
        return listener;
    }

    public <T> Subscription subscribe(String channel, PayloadType<T> type, Consumer<? super T> consumer) {
        return subscribe(channel, notification -> consumer.accept(payloads.decode(notification.payload(), type)));
    }

    public Subscription subscribe(String channel, Consumer<? super Notification> consumer) {
        ChannelSubscription subscription =
                new ChannelSubscription(ChannelName.check(channel), hub, reader, consumer, drainTimeout, threads);
        subscription.start();
        add(subscription);
        return () -> {
            open.remove(subscription);
            subscription.close();
        };
    }

    /** Whoever comes while this closes is closed too: by the one who closes, or here. */
    private void add(Subscription subscription) {
        open.add(subscription);
        if (closed) {
            subscription.close();
            throw new ManagerClosedException("the manager");
        }
    }

    /** Removes payloads that went by reference and that nobody can wait for any more. */
    public void purge() {
        String sql = database.schema().fill(ChannelSql.PURGE);
        database.transactions().outside(connection -> Jdbc.update(connection, sql, Jdbc.Binder.NONE));
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(Subscription::close);
        open.clear();
    }
}
