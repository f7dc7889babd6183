/** Tests of how the file of orders is read; no database. */
@NullMarked
package io.github.pgqueue.shop.orders;

import org.jspecify.annotations.NullMarked;
