/**
 * The cache over its table.
 *
 * <p>Not API: changes without notice. May import the API, the spi and {@code internal.jdbc}.
 */
@NullMarked
package io.github.pgqueue.internal.cache;

import org.jspecify.annotations.NullMarked;
