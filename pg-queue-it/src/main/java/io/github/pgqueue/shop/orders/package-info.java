/**
 * Reads the file of orders: CSV by RFC 4180 in UTF-8, of any length in constant memory. What cannot be an order is
 * reported by line number and reason, and never costs the good lines around it.
 *
 * <p>May import Commons CSV; nothing of pg-queue and no database. Whether an order id was seen before is decided by the
 * database, not here.
 */
@NullMarked
package io.github.pgqueue.shop.orders;

import org.jspecify.annotations.NullMarked;
