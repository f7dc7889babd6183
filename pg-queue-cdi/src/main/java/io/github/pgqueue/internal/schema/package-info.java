/**
 * Checks or installs the database schema.
 *
 * <p>Not API: changes without notice. May import the API, the spi and {@code internal.jdbc}; the only importer of Flyway, which is optional.
 */
@NullMarked
package io.github.pgqueue.internal.schema;

import org.jspecify.annotations.NullMarked;
