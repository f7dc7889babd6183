package io.github.pgqueue.queue;

/**
 * Works the jobs of a queue. Given to {@link io.github.pgqueue.PgQueueManager#work}; called by many threads at once.
 *
 * <p>What it throws is a failed attempt, {@link Error}s included. If somebody waits for an answer, an exception is the
 * answer and there is no further attempt; return {@link Outcome#retry(java.time.Duration)} to try again before the
 * deadline.
 *
 * @param <T> the type of the payload
 */
@FunctionalInterface
public interface JobHandler<T> {

    /** Works one job and says what became of it. */
    Outcome handle(Job<T> job, JobContext context) throws Exception;
}
