package io.github.pgqueue.channel;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.TransactionStateException;

/**
 * A named channel of signals that carry a payload of type {@code T}.
 *
 * <p>Obtained by injection with {@code @PgChannel} or from a {@link io.github.pgqueue.PgQueueManager}. Safe for use by
 * many threads.
 *
 * <p>{@code publish} joins the transaction of the calling thread: nothing is sent if it rolls back. Under JTA the
 * signal is sent right after the commit by a thread of the library, else by the commit itself. On the wire it is the
 * plain payload, so that psql and other languages publish and listen too; with 8,000 bytes and more, which NOTIFY
 * refuses, it goes by reference to a row that is kept for an hour.
 *
 * @param <T> the type of the payload
 */
public interface EventChannel<T> {

    /** The name of the channel, without the schema's channel prefix. */
    String name();

    /**
     * Sends the payload as JSON to everybody who listens when the transaction commits.
     *
     * @throws PayloadException if the payload cannot be sent; the transaction goes on
     * @throws TransactionStateException if there is a transaction that cannot commit any more
     */
    void publish(T payload);

    /** Sends text as it is, for receivers that expect something else than JSON. */
    void publishRaw(String payload);
}
