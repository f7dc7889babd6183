/**
 * The view from outside: {@code StatusCheck} tells what a manager's database is like, in time, and {@code SelfTest} what
 * is wrong with it, each finding with its number in {@code Findings}. Both only read, outside of every transaction.
 *
 * <p>Not API: changes without notice. May import the API, the spi, {@code internal.jdbc} and {@code internal.schema}.
 */
@NullMarked
package io.github.pgqueue.internal.status;

import org.jspecify.annotations.NullMarked;
