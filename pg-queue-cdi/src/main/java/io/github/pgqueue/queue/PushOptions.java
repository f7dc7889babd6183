package io.github.pgqueue.queue;

import io.github.pgqueue.InvalidArgumentException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a push says beside the payload. Immutable; start from {@link #none()}.
 *
 * @param delay how long after the push the job becomes ready, by the database's clock; not together with {@code runAt}
 * @param runAt when the job becomes ready; a moment in the past means at once
 * @param maxAttempts the budget of this job; default that of the worker's configuration
 * @param headers short strings that travel with the payload; {@code traceparent}, {@code tracestate} and {@code baggage}
 *     carry the trace: telemetry, where there is any, adds them. A push that sets one of them itself keeps what it set,
 *     nothing is added to it, and its worker is traced back to what it named
 */
public record PushOptions(
        @Nullable Duration delay,
        @Nullable Instant runAt,
        @Nullable Integer maxAttempts,
        Map<String, String> headers) {

    private static final Duration LONGEST_DELAY = Duration.ofDays(36_500);
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
    private static final PushOptions NONE = new PushOptions(null, null, null, Map.of());

    /**
     * Checks the options against each other.
     *
     * @throws InvalidArgumentException PGQ1006 if the options contradict each other or are out of range
     */
    public PushOptions {
        if (delay != null && runAt != null) {
            throw new InvalidArgumentException("PGQ1006", "delay and runAt are both set; a job has one of them");
        }
        if (delay != null && (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0)) {
            throw new InvalidArgumentException(
                    "PGQ1006", "the delay is " + delay + ", but must be between zero and " + LONGEST_DELAY);
        }
        if (runAt != null && (runAt.isBefore(Instant.EPOCH) || runAt.isAfter(LATEST))) {
            throw new InvalidArgumentException(
                    "PGQ1006", "runAt is " + runAt + ", but must be between " + Instant.EPOCH + " and " + LATEST);
        }
        if (maxAttempts != null && maxAttempts < 1) {
            throw new InvalidArgumentException("PGQ1006", "maxAttempts is " + maxAttempts + ", but must be at least 1");
        }
        headers = Map.copyOf(headers);
    }

    /** A job that is ready at once. */
    public static PushOptions none() {
        return NONE;
    }

    public PushOptions withDelay(Duration value) {
        return new PushOptions(value, runAt, maxAttempts, headers);
    }

    public PushOptions withRunAt(Instant value) {
        return new PushOptions(delay, value, maxAttempts, headers);
    }

    public PushOptions withMaxAttempts(int value) {
        return new PushOptions(delay, runAt, value, headers);
    }

    /** Adds one header. */
    public PushOptions withHeader(String name, String value) {
        Map<String, String> added = new HashMap<>(headers);
        added.put(name, value);
        return new PushOptions(delay, runAt, maxAttempts, added);
    }
}
