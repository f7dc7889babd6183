/**
 * Queues: one statement per operation in {@code QueueSql}, the API over them, the loop that works them, and a watch that
 * looks after the loops without ever waiting for the database.
 *
 * <p>Not API: changes without notice. May import the API, the spi, {@code internal.jdbc} and {@code internal.channel}.
 */
@NullMarked
package io.github.pgqueue.internal.queue;

import org.jspecify.annotations.NullMarked;
