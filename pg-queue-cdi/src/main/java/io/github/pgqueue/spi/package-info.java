/**
 * What an application may replace: how transactions are joined, how payloads become JSON, who is told what happens,
 * and how it is traced and measured.
 *
 * <p>May import the root package's exceptions and value types and the capabilities' public types.
 */
@NullMarked
package io.github.pgqueue.spi;

import org.jspecify.annotations.NullMarked;
