/** Queues and their workers, over plain JDBC. */
@NullMarked
package io.github.pgqueue.it.queue;

import org.jspecify.annotations.NullMarked;
