package io.github.pgqueue.shop.web;

import java.util.List;

/** The state of all queues that the page shows. */
record QueuesView(List<QueueState> queues) implements JsonView {}
