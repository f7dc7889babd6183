package io.github.pgqueue.internal.rpc;

import io.github.pgqueue.QueueName;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * A request of this node that waits for its answer.
 *
 * @param id its id
 * @param queue where it was pushed
 * @param timeout what the caller allowed
 * @param expiresAt when the caller gives up, as {@link System#nanoTime()} counts
 * @param reply completed with the answer
 */
record PendingRequest(UUID id, QueueName queue, Duration timeout, long expiresAt, CompletableFuture<Reply> reply) {

    boolean expired() {
        return System.nanoTime() - expiresAt >= 0;
    }
}
