package io.github.pgqueue.queue;

import io.github.pgqueue.QueueName;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A claimed job. Made by the library when a job is popped; immutable as far as its payload is.
 *
 * <p>{@code (id, attempt)} is the fencing token: attempts start at 1, only rise, may skip, and are never given twice.
 * {@code id} alone is the idempotency key towards other systems.
 *
 * @param id unique as long as the queue's table lives
 * @param queue where it was popped
 * @param payload what was pushed
 * @param attempt the number of this claim
 * @param failures how many attempts have failed or were lost so far; limited by {@code maxAttempts}
 * @param maxAttempts with so many failures the job becomes a dead letter
 * @param pushedAt when it was pushed, by the database's clock
 * @param leasedUntil until when it is held, by the database's clock; final for a job that was popped by hand
 * @param headers what the push added to the payload, and the trace context ({@code traceparent}, {@code tracestate},
 *     {@code baggage}) if there was telemetry; never null, maybe empty
 * @param requestId set if somebody waits for an answer
 * @param deadline after this moment nobody waits any more; set with {@code requestId}
 * @param lease names what holds the job together with others that were claimed with it; null if it is held alone. It
 *     means something to the library only
 * @param <T> the type of the payload
 */
public record Job<T>(
        long id,
        QueueName queue,
        T payload,
        int attempt,
        int failures,
        int maxAttempts,
        Instant pushedAt,
        Instant leasedUntil,
        Map<String, String> headers,
        @Nullable UUID requestId,
        @Nullable Instant deadline,
        @Nullable String lease) {

    public Job {
        headers = Map.copyOf(headers);
    }

    /** Names the job without its payload, which may be confidential. */
    @Override
    public String toString() {
        return "Job[" + queue + '#' + id + " attempt " + attempt + ']';
    }
}
