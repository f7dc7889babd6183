/**
 * Signals: the one listening connection of a manager and who is told, publishing, and the thread that sends what
 * belongs to a committed transaction.
 *
 * <p>Not API: changes without notice. May import the API, the spi and {@code internal.jdbc}.
 */
@NullMarked
package io.github.pgqueue.internal.channel;

import org.jspecify.annotations.NullMarked;
