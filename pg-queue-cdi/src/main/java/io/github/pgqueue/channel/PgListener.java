package io.github.pgqueue.channel;

import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.ManagerClosedException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * Receives the notifications of some channels, read by hand.
 *
 * <p>Made by {@link io.github.pgqueue.PgQueueManager#createListener()}; close it after use. All listeners of a manager
 * share its one listening connection, which reconnects and listens again by itself; what is published meanwhile is
 * lost. Thread-safe; a notification goes to one receiver of this listener. Never touches a transaction.
 *
 * <p>Up to 10,000 notifications wait here to be received; beyond that the oldest are dropped, and the log says so.
 */
public interface PgListener extends AutoCloseable {

    /**
     * Begins to listen; returns when the server has confirmed it.
     *
     * @throws InvalidNameException if the name has no byte or more than 63, the schema's channel prefix included
     * @throws io.github.pgqueue.ConfigurationException PGQ7020 if this manager cannot listen
     */
    default void listen(String channel) {
        listenAll(java.util.List.of(channel));
    }

    /** The same for many channels. */
    void listenAll(Collection<String> channels);

    /** Stops to listen to a channel; what has arrived can still be received. */
    void unlisten(String channel);

    /** Stops to listen to every channel. */
    void unlistenAll();

    /**
     * Waits for the next notification.
     *
     * @throws InterruptedException if the thread is interrupted
     * @throws ManagerClosedException if the listener or its manager is closed meanwhile
     */
    Notification receive() throws InterruptedException;

    /** Waits for the next notification, at most for the time given. */
    Optional<Notification> receive(Duration timeout) throws InterruptedException;

    /** The next notification that has arrived, without waiting. */
    Optional<Notification> tryReceive();

    /** Stops to listen. Whoever waits in {@code receive} is told. Harmless if repeated. */
    @Override
    void close();
}
