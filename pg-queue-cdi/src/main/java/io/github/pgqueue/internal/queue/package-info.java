/**
 * Queues, one statement per operation, and the workers.
 *
 * <ul>
 *   <li>{@code DefaultJobQueue} is the API; {@code QueueStore} has what it does to a queue as a whole, and its two lanes:
 *       {@code PlainLane} ({@code LeaseSql}: one lease for many jobs) and {@code RowLane} ({@code QueueSql}: a lease in the
 *       job's own row). {@code JobSource} claims from both, and {@code SharedClaims} lets pops that come at the same time share
 *       that; {@code JobEnds} writes how attempts end.
 *   <li>{@code WorkerLoop} works a queue on this node, with one thread that claims. {@code Demand} says how many to claim,
 *       {@code Hands} are the threads that run jobs and what waits for them, {@code JobRun} is one run, {@code Completions}
 *       writes the ends of those without a transaction, {@code Leases} knows what is held and renews it, {@code Sleeper}
 *       and {@code Wakeup} let it sleep while there is nothing.
 *   <li>{@code Workers} has all loops of a node. {@code Watch} looks after their runs and never waits for the database;
 *       {@code Presence} looks for nodes that died.
 * </ul>
 *
 * <p>Not API: changes without notice. May import the API, the spi, {@code internal.jdbc} and {@code internal.channel}.
 */
@NullMarked
package io.github.pgqueue.internal.queue;

import org.jspecify.annotations.NullMarked;
