/**
 * Finds the application's own Jackson {@code ObjectMapper}, so that payloads are written as the application writes JSON.
 *
 * <p>Not API, changes without notice. May import the API, the spi with its codec on Jackson, CDI and Jackson; touched only
 * where Jackson is on the class path.
 */
@NullMarked
package io.github.pgqueue.cdi.jackson;

import org.jspecify.annotations.NullMarked;
