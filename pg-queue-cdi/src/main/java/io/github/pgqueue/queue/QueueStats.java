package io.github.pgqueue.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The state of a queue at one moment.
 *
 * @param ready jobs that a worker could claim now, those with an ended lease included
 * @param scheduled jobs that become ready later: delayed, or waiting for their next attempt
 * @param running jobs under a live lease
 * @param dead dead letters
 * @param oldestReady for how long the oldest ready job could have been claimed; null if none is ready
 */
public record QueueStats(
        long ready,
        long scheduled,
        long running,
        long dead,
        @Nullable Duration oldestReady) {}
