/** Tests of how the order shop starts or reaches its PostgreSQL, whichever {@code -Dpg} names. */
@NullMarked
package io.github.pgqueue.shop.database;

import org.jspecify.annotations.NullMarked;
