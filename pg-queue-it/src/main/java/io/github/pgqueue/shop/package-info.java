/**
 * The order shop, the application that shows what pg-queue is for: orders arrive in a file, are placed, receipted,
 * invoiced and shipped, by two processes that share one PostgreSQL.
 *
 * <p>{@code orders} reads the file, {@code desk} places what it holds; {@code receipts}, {@code invoices},
 * {@code shipments} and {@code prices} are the workers; {@code board} watches. These run on any server. {@code database}
 * and {@code runtime} stand in for the server, and {@code story} tells what happens and proves what was promised.
 */
@NullMarked
package io.github.pgqueue.shop;

import org.jspecify.annotations.NullMarked;
