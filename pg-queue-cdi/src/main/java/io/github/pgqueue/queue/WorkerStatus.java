package io.github.pgqueue.queue;

import io.github.pgqueue.QueueName;

/**
 * A worker of this node at one moment. Given by {@link io.github.pgqueue.PgQueueManager#workers()}.
 *
 * @param queue the queue that it works
 * @param concurrency how many jobs it works at once at most
 * @param running how many it works now
 * @param threads what kind of threads runs them
 */
public record WorkerStatus(QueueName queue, int concurrency, int running, ThreadKind threads) {}
