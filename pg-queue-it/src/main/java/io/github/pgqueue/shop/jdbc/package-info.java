/**
 * How the shop's own statements run: a single statement on a connection of the application's data source, which takes
 * part in the transaction of the thread.
 *
 * <p>Imports nothing else of the shop.
 */
@NullMarked
package io.github.pgqueue.shop.jdbc;

import org.jspecify.annotations.NullMarked;
