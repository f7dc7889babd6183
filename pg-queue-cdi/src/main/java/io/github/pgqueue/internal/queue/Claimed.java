package io.github.pgqueue.internal.queue;

import io.github.pgqueue.queue.Job;
import java.util.List;

/**
 * A job that this node holds, and the row that it was read from: a transaction that has taken the job may have to put it
 * back as it was.
 *
 * @param <T> the type of the payload
 */
record Claimed<T>(Job<T> job, ClaimedRow row) {

    /** The jobs alone. */
    static <T> List<Job<T>> jobs(List<Claimed<T>> claimed) {
        return claimed.stream().map(Claimed::job).toList();
    }

    /** How long the payloads are as JSON, all together. */
    static long characters(List<? extends Claimed<?>> claimed) {
        long characters = 0;
        for (Claimed<?> one : claimed) {
            characters += one.row().payload().length();
        }
        return characters;
    }
}
