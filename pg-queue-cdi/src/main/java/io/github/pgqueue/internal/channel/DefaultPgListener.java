package io.github.pgqueue.internal.channel;

import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.Subscription;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A mailbox on the manager's listening connection. */
final class DefaultPgListener implements PgListener, Subscription {

    private static final Duration LONGEST_WAIT = Duration.ofDays(36_500);

    private final ListenerHub hub;
    private final SignalReader reader;
    private final Consumer<DefaultPgListener> onClose;
    private final Mailbox mailbox = new Mailbox();
    private final Set<String> channels = ConcurrentHashMap.newKeySet();

    DefaultPgListener(ListenerHub hub, SignalReader reader, Consumer<DefaultPgListener> onClose) {
        this.hub = hub;
        this.reader = reader;
        this.onClose = onClose;
    }

    @Override
    public void listenAll(Collection<String> names) {
        requireOpen();
        names.forEach(ChannelName::check);
        for (String channel : names) {
            if (channels.add(channel)) {
                listenOrForget(channel);
            }
        }
    }

    private void listenOrForget(String channel) {
        try {
            hub.listen(channel, mailbox);
        } catch (RuntimeException e) {
            channels.remove(channel);
            throw e;
        }
    }

    @Override
    public void unlisten(String channel) {
        requireOpen();
        if (channels.remove(channel)) {
            hub.unlisten(channel, mailbox);
        }
    }

    @Override
    public void unlistenAll() {
        channels.forEach(this::unlisten);
    }

    @Override
    public Notification receive() throws InterruptedException {
        while (true) {
            Optional<Notification> received = receive(Duration.ofDays(1));
            if (received.isPresent()) {
                return received.get();
            }
        }
    }

    @Override
    public Optional<Notification> receive(Duration timeout) throws InterruptedException {
        requireOpen();
        long end = System.nanoTime() + shorter(timeout, LONGEST_WAIT).toNanos();
        while (true) {
            Notification arrived = mailbox.poll(end - System.nanoTime());
            if (arrived == null) {
                requireOpen();
                return Optional.empty();
            }
            Optional<Notification> read = reader.read(arrived);
            if (read.isPresent()) {
                return read;
            }
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public Optional<Notification> tryReceive() {
        try {
            return receive(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private void requireOpen() {
        if (mailbox.closed()) {
            throw new ManagerClosedException("the listener");
        }
    }

    @Override
    public void close() {
        if (!mailbox.closed()) {
            unlistenAll();
            mailbox.close();
            onClose.accept(this);
        }
    }
}
