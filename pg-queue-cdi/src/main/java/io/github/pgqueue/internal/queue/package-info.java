/**
 * Queues: one statement per operation in {@code QueueSql}, the API over them, and the loop that works them.
 *
 * <p>Not API: changes without notice. May import the API, the spi, {@code internal.jdbc} and {@code internal.channel}.
 */
@NullMarked
package io.github.pgqueue.internal.queue;

import org.jspecify.annotations.NullMarked;
