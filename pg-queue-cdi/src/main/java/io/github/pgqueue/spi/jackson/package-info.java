/**
 * The payload codec on Jackson, public so that an application can give it its own {@code ObjectMapper}.
 *
 * <p>May import the API, the spi and Jackson; nobody else of the core imports Jackson.
 */
@NullMarked
package io.github.pgqueue.spi.jackson;

import org.jspecify.annotations.NullMarked;
