/**
 * A cache with a time to live per entry, in an UNLOGGED table: {@link io.github.pgqueue.cache.PgCache}. It is never a
 * source of truth.
 *
 * <p>Java SE and EE alike. May import the root package's exceptions and value types, and nothing else of ours.
 */
@NullMarked
package io.github.pgqueue.cache;

import org.jspecify.annotations.NullMarked;
