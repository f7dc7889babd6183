/**
 * The JSR-107 provider over the cache table of pg-queue will live here. There is nothing yet: an application that
 * needs a cache today uses {@code PgCache} of {@code pg-queue-cdi}.
 *
 * <p>May import the API and the SPI of pg-queue and {@code javax.cache}; {@code jakarta.*} only in the {@code cdi}
 * sub-package.
 */
@NullMarked
package io.github.pgqueue.jcache;

import org.jspecify.annotations.NullMarked;
