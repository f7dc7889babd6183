package io.github.pgqueue.spi;

import io.github.pgqueue.QueueName;
import io.github.pgqueue.queue.Job;
import java.util.Collection;

/**
 * Is told what happens: for metrics, and as a probe for tests. Every method does nothing unless it is overridden.
 *
 * <p>Called on the thread that does the thing, many at once; must be short. What it throws is logged and ignored. In a
 * transaction, pushed, completed, retried, failed and dead mean that the statement has run: the commit is still to come.
 */
public interface PgQueueListener {

    /** So many jobs were pushed. */
    default void pushed(QueueName queue, int jobs) {}

    /** These jobs were claimed. */
    default void popped(QueueName queue, Collection<? extends Job<?>> jobs) {}

    /** The job is done. */
    default void completed(Job<?> job) {}

    /** The job will be ready again later, without a failure. */
    default void retried(Job<?> job) {}

    /** The attempt failed; the job will be ready again later. */
    default void failed(Job<?> job, Throwable cause) {}

    /** The job has become a dead letter. */
    default void dead(Job<?> job, Throwable cause) {}

    /** The job was given back unworked. */
    default void released(Job<?> job) {}

    /** The job was no longer held when its outcome was to be written, or its lease could not be renewed. */
    default void leaseLost(Job<?> job) {}

    /** A worker of this node found nothing to do and waits. */
    default void asleep(QueueName queue) {}

    /** The connection that listens is there, or there again, and everything listens on it. */
    default void listening() {}

    /** The connection that listened is lost; polling goes on. */
    default void listeningLost(Throwable cause) {}
}
