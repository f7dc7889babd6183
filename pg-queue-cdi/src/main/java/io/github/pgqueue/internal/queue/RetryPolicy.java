package io.github.pgqueue.internal.queue;

import io.github.pgqueue.NonRetryableException;
import io.github.pgqueue.QueueConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What follows a failure: doubling delays with "equal jitter" (half fixed, half random; Brooker, "Exponential Backoff
 * And Jitter", AWS Architecture Blog, 2015), so that jobs that failed together do not come back together.
 */
final class RetryPolicy {

    private RetryPolicy() {}

    /** The delay before the next attempt; empty if the job becomes a dead letter. */
    static Optional<Duration> next(QueueConfig config, int failures, int maxAttempts, Throwable cause) {
        if (failures >= maxAttempts || cause instanceof NonRetryableException) {
            return Optional.empty();
        }
        long longest = config.retryMaxDelay().toNanos();
        long first = config.retryDelay().toNanos();
        int doublings = Math.min(failures - 1, Long.numberOfLeadingZeros(Math.max(1, first)) - 2);
        long full = Math.min(longest, first << Math.max(0, doublings));
        return Optional.of(
                Duration.ofNanos(full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1)));
    }
}
