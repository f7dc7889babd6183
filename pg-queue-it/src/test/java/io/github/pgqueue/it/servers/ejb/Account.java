package io.github.pgqueue.it.servers.ejb;

import io.github.pgqueue.queue.Job;

/** The local view of a worker. */
public interface Account {
    void work(Job<String> job);
}
