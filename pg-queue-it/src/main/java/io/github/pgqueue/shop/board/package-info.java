/**
 * The live board: every node watches the orders go by, and says what it saw when the roll is called.
 *
 * <p>Plain CDI, so that it runs on every server. May import {@code desk}, {@code invoices} and {@code jdbc}.
 */
@NullMarked
package io.github.pgqueue.shop.board;

import org.jspecify.annotations.NullMarked;
