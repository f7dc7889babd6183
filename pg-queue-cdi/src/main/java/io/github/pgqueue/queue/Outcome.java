package io.github.pgqueue.queue;

import io.github.pgqueue.NonRetryableException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a worker decided about its job. An outcome that is returned is committed together with the worker's own writes
 * where they share a transaction; a worker that wants them undone throws instead.
 */
public sealed interface Outcome {

    /**
     * The job is done.
     *
     * @param reply the answer, if somebody waits for one
     */
    record Complete(@Nullable Object reply) implements Outcome {}

    /**
     * Again later.
     *
     * @param delay how long after this attempt
     * @param cause counts as a failure if given
     */
    record Retry(Duration delay, @Nullable Throwable cause) implements Outcome {}

    /**
     * This attempt failed; the retry policy decides whether there is another.
     *
     * @param cause why
     */
    record Fail(Throwable cause) implements Outcome {}

    /**
     * The job becomes a dead letter at once.
     *
     * @param cause why
     */
    record Dead(Throwable cause) implements Outcome {}

    /** The job is done. */
    static Outcome complete() {
        return new Complete(null);
    }

    /** The job is done, and this is the answer to whoever waits for one. */
    static Outcome complete(@Nullable Object reply) {
        return new Complete(reply);
    }

    /** Again after the delay, not counted as a failure. */
    static Outcome retry(Duration delay) {
        return new Retry(delay, null);
    }

    /** Again after the delay, counted as a failure. */
    static Outcome retry(Duration delay, Throwable cause) {
        return new Retry(delay, cause);
    }

    /** This attempt failed. */
    static Outcome fail(Throwable cause) {
        return new Fail(cause);
    }

    /** The job becomes a dead letter at once. */
    static Outcome dead(String reason) {
        return new Dead(new NonRetryableException(reason));
    }

    /** The job becomes a dead letter at once. */
    static Outcome dead(Throwable cause) {
        return new Dead(cause);
    }
}
