package io.github.pgqueue.shop.web;

import io.github.pgqueue.queue.QueueStats;
import org.jspecify.annotations.Nullable;

/**
 * The state of a queue.
 *
 * @param name of the queue
 * @param ready jobs that a worker could claim now
 * @param scheduled jobs that wait for a moment, or for their next attempt
 * @param running jobs that are being worked
 * @param dead dead letters
 * @param done what the jobs have left so far; null where they leave nothing
 */
record QueueState(
        String name,
        long ready,
        long scheduled,
        long running,
        long dead,
        @Nullable Long done) {

    static QueueState of(String name, QueueStats stats, @Nullable Long done) {
        return new QueueState(name, stats.ready(), stats.scheduled(), stats.running(), stats.dead(), done);
    }
}
