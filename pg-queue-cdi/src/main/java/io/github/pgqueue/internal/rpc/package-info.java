/**
 * Requests: pushing them, and handing answers to those who wait.
 *
 * <p>Not API: changes without notice. May import the API, the spi, {@code internal.jdbc}, {@code internal.queue} and {@code internal.channel}.
 */
@NullMarked
package io.github.pgqueue.internal.rpc;

import org.jspecify.annotations.NullMarked;
