/**
 * The order shop, the application that shows what pg-queue is for: orders arrive in a file, are placed, receipted,
 * invoiced and shipped, by two processes that share one PostgreSQL.
 *
 * <p>{@code orders} reads the file, {@code desk} places what it holds; {@code receipts}, {@code invoices},
 * {@code shipments} and {@code prices} are the workers; {@code board} watches, and {@code web} is the door for browsers.
 * These run on any server, with {@code server} beside them, as the WAR. {@code database} and {@code runtime} stand in for
 * the server: {@link io.github.pgqueue.shop.OrderShopPage} opens the page, and {@code story} tells what happens and
 * proves what was promised.
 */
@NullMarked
package io.github.pgqueue.shop;

import org.jspecify.annotations.NullMarked;
