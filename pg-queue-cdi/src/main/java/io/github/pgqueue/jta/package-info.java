/**
 * Joining JTA: {@link io.github.pgqueue.jta.JtaTransactions} runs the library's statements in the active transaction of
 * the calling thread, or outside of it. Usable without CDI.
 *
 * <p>May import the API, the spi and {@code jakarta.transaction}.
 */
@NullMarked
package io.github.pgqueue.jta;

import org.jspecify.annotations.NullMarked;
