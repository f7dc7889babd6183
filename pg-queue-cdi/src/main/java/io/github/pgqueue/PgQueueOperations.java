package io.github.pgqueue;

import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.rpc.RequestResponse;

/**
 * The four capabilities. A {@link PgQueueManager} offers them in the transaction of the calling thread, if there is
 * one; {@link PgQueueManager#using} offers the same inside a JDBC transaction that the caller owns.
 *
 * <p>Push, publish, complete, fail, retry and the answer to a request join that transaction. Pop, release, requests
 * and the cache never do. What is returned is cheap to make, thread-safe as far as its transaction is, and may be kept.
 */
public interface PgQueueOperations {

    /**
     * The queue of that name, whose payloads are read and written as {@code payload}.
     *
     * @throws InvalidNameException if the name breaks the rule of {@link QueueName}
     */
    default <T> JobQueue<T> queue(String name, Class<T> payload) {
        return queue(name, PayloadType.of(payload));
    }

    /** The same for a generic payload type. */
    <T> JobQueue<T> queue(String name, PayloadType<T> payload);

    /**
     * The channel of that name, whose payloads are read and written as {@code payload}.
     *
     * @throws InvalidNameException if the name has no byte or more than 63, the schema's channel prefix included
     */
    default <T> EventChannel<T> channel(String name, Class<T> payload) {
        return channel(name, PayloadType.of(payload));
    }

    /** The same for a generic payload type. */
    <T> EventChannel<T> channel(String name, PayloadType<T> payload);

    /** The cache named {@code default}. */
    default PgCache cache() {
        return cache("default");
    }

    /**
     * The cache of that name; it needs no creation.
     *
     * @throws ConfigurationException PGQ7018 if it is configured as near and Caffeine is missing
     */
    PgCache cache(String name);

    /** Requests that wait for an answer. */
    RequestResponse requestResponse();
}
