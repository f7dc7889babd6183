/**
 * Jobs: {@link io.github.pgqueue.queue.JobQueue} pushes, pops and ends them, a
 * {@link io.github.pgqueue.queue.JobHandler} works them and decides their {@link io.github.pgqueue.queue.Outcome}.
 *
 * <p>Java SE and EE alike. May import the root package's exceptions and value types, and nothing else of ours.
 */
@NullMarked
package io.github.pgqueue.queue;

import org.jspecify.annotations.NullMarked;
