package io.github.pgqueue.it.queue;

import io.github.pgqueue.queue.WorkerOptions;

/** The two ways to run a handler in plain Java. */
enum WorkerMode {
    LEASED,
    TRANSACTIONAL;

    WorkerOptions options() {
        return this == LEASED ? WorkerOptions.leased() : WorkerOptions.transactional();
    }
}
