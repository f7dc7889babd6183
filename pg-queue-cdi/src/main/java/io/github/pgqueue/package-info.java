/**
 * Start reading here: {@link io.github.pgqueue.PgQueueManager} is the whole library in plain Java, beside its
 * configuration, the name of a queue and the exceptions. The four capabilities lie in {@code queue}, {@code channel},
 * {@code rpc} and {@code cache}; CDI, in {@code cdi}, is a client of the manager.
 *
 * <p>Exceptions and value types import nothing of ours; the manager and its configuration import the capabilities;
 * only the builder names an internal class.
 */
@NullMarked
package io.github.pgqueue;

import org.jspecify.annotations.NullMarked;
