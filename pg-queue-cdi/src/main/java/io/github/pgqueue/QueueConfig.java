package io.github.pgqueue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one queue, as a worker of it uses them. Immutable; start from {@link #defaults()}.
 *
 * @param concurrency how many jobs a node works at once; default 4
 * @param lease how long a claimed job is held before others may take it over; renewed at a third while a worker of the
 *     library runs it, never for a job that was popped by hand; default 30 s, at least 100 ms
 * @param pollInterval how long a lost wake-up can cost at most; default 1 s, at least 10 ms
 * @param maxAttempts after so many failures a job becomes a dead letter, unless its push said otherwise; default 20
 * @param retryDelay the delay after the first failure; each further one doubles it; default 1 s
 * @param retryMaxDelay the longest delay between two attempts; default 1 h
 * @param maxRunTime how long a handler may run before it is interrupted and its attempt counts as failed, with
 *     {@link JobTimeoutException}, even if the handler returns; at least 10 ms, noticed at the latest a quarter of it
 *     later; default none: a handler may run as long as its transaction manager lets it, or for ever
 */
public record QueueConfig(
        int concurrency,
        Duration lease,
        Duration pollInterval,
        int maxAttempts,
        Duration retryDelay,
        Duration retryMaxDelay,
        @Nullable Duration maxRunTime) {

    private static final QueueConfig DEFAULTS = new QueueConfig(
            4, Duration.ofSeconds(30), Duration.ofSeconds(1), 20, Duration.ofSeconds(1), Duration.ofHours(1), null);

    /**
     * Checks the ranges.
     *
     * @throws ConfigurationException PGQ7010 if a value is out of its range
     */
    public QueueConfig {
        Settings.atLeast("concurrency", concurrency, 1);
        Settings.atLeast("lease", lease, Duration.ofMillis(100));
        Settings.atLeast("poll-interval", pollInterval, Duration.ofMillis(10));
        Settings.atLeast("max-attempts", maxAttempts, 1);
        Settings.atLeast("retry-delay", retryDelay, Duration.ZERO);
        Settings.atLeast("retry-max-delay", retryMaxDelay, retryDelay);
        if (maxRunTime != null) {
            Settings.atLeast("max-run-time", maxRunTime, Duration.ofMillis(10));
        }
    }

    /** The settings of a queue of which nothing was said. */
    public static QueueConfig defaults() {
        return DEFAULTS;
    }

    public QueueConfig withConcurrency(int value) {
        return new QueueConfig(value, lease, pollInterval, maxAttempts, retryDelay, retryMaxDelay, maxRunTime);
    }

    public QueueConfig withLease(Duration value) {
        return new QueueConfig(concurrency, value, pollInterval, maxAttempts, retryDelay, retryMaxDelay, maxRunTime);
    }

    public QueueConfig withPollInterval(Duration value) {
        return new QueueConfig(concurrency, lease, value, maxAttempts, retryDelay, retryMaxDelay, maxRunTime);
    }

    public QueueConfig withMaxAttempts(int value) {
        return new QueueConfig(concurrency, lease, pollInterval, value, retryDelay, retryMaxDelay, maxRunTime);
    }

    /** Both ends of the delay between attempts at once, since one limits the other. */
    public QueueConfig withRetryDelay(Duration first, Duration longest) {
        return new QueueConfig(concurrency, lease, pollInterval, maxAttempts, first, longest, maxRunTime);
    }

    public QueueConfig withMaxRunTime(@Nullable Duration value) {
        return new QueueConfig(concurrency, lease, pollInterval, maxAttempts, retryDelay, retryMaxDelay, value);
    }
}
