package io.github.pgqueue.internal.channel;

import io.github.pgqueue.Subscription;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.internal.jdbc.Text;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** A mailbox with a thread that hands what arrives to a consumer, one after the other. */
final class ChannelSubscription implements Subscription {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.channel");
    private static final long IDLE_NANOS = Duration.ofMinutes(1).toNanos();

    private final String channel;
    private final ListenerHub hub;
    private final SignalReader reader;
    private final Consumer<? super Notification> consumer;
    private final Duration drainTimeout;
    private final Mailbox mailbox = new Mailbox();
    private final Thread thread;

    ChannelSubscription(
            String channel,
            ListenerHub hub,
            SignalReader reader,
            Consumer<? super Notification> consumer,
            Duration drainTimeout,
            ThreadFactory threads) {
        this.channel = channel;
        this.hub = hub;
        this.reader = reader;
        this.consumer = consumer;
        this.drainTimeout = drainTimeout;
        this.thread = threads.newThread(this::run);
        thread.setName("pg-queue channel " + channel);
    }

    void start() {
        hub.listen(channel, mailbox);
        thread.start();
    }

    private void run() {
        while (!mailbox.closed()) {
            try {
                Notification arrived = mailbox.poll(IDLE_NANOS);
                if (arrived != null) {
                    reader.read(arrived).ifPresent(consumer);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.log(
                        Level.WARNING,
                        "a subscriber of channel {0} failed: {1}",
                        channel,
                        Text.printable(e.toString()));
            }
        }
    }

    @Override
    public void close() {
        hub.unlisten(channel, mailbox);
        mailbox.close();
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(Math.max(1, drainTimeout.toMillis()));
            thread.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
