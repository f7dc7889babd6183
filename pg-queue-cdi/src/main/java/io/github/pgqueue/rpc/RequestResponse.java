package io.github.pgqueue.rpc;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.RequestFailedException;
import io.github.pgqueue.RequestTimeoutException;
import io.github.pgqueue.TransactionStateException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Requests that are pushed to a queue and wait for an answer.
 *
 * <p>Obtained from a {@link io.github.pgqueue.PgQueueManager}. Safe for use by many threads. A request is an ordinary
 * job, so any worker of the queue answers it: by the value its handler returns, or by the exception it throws. Ask for
 * {@link Void} to learn only that it is done.
 *
 * <p>A request never joins a transaction, and is refused inside one. Its deadline counts by the database's clock; after
 * it no worker starts the request any more. A timeout means that the outcome is unknown. The answer of a worker's
 * method commits with the worker's effects, and so does {@link #storeResponse}, which joins like {@code complete}.
 */
public interface RequestResponse {

    /**
     * Pushes a request and waits for its answer.
     *
     * @throws RequestTimeoutException if there is no answer in time
     * @throws RequestFailedException if the worker answered with an exception
     * @throws TransactionStateException PGQ4001 inside an active transaction
     * @throws PayloadException if the request cannot be stored, or the answer cannot be read as {@code R}
     */
    default <R> R pushAndWait(String queue, Object request, Class<R> response, Duration timeout) {
        return pushAndWait(queue, request, PayloadType.of(response), timeout);
    }

    /** The same for a generic type of answer. */
    <R> R pushAndWait(String queue, Object request, PayloadType<R> response, Duration timeout);

    /** The same with the configured timeout. */
    <R> R pushAndWait(String queue, Object request, Class<R> response);

    /**
     * Pushes a request; the stage completes with the answer, or exceptionally with what {@code pushAndWait} throws, on a
     * thread of the library. Go on elsewhere for anything that takes time.
     */
    default <R> CompletionStage<R> request(String queue, Object request, Class<R> response, Duration timeout) {
        return request(queue, request, PayloadType.of(response), timeout);
    }

    /** The same for a generic type of answer. */
    <R> CompletionStage<R> request(String queue, Object request, PayloadType<R> response, Duration timeout);

    /**
     * Answers a request by hand, for a job that was popped by hand: {@code job.requestId()} is its id. Joins the
     * transaction of the calling thread.
     *
     * @return true if this was the first answer; false if it has been answered before, or nobody waits any more
     */
    boolean storeResponse(UUID requestId, Object response);

    /**
     * Removes requests whose deadline passed more than so long ago, with their answers. The library does this by itself
     * with its housekeeping.
     *
     * @return how many were removed
     */
    long cleanupOldResponses(Duration olderThan);
}
