/**
 * The little that JDBC needs: statements filled with checked names, the plain transactions, the payload's way in
 * and out, and the connection that listens. The only importer of the PostgreSQL driver.
 *
 * <p>Not API: changes without notice. May import the API and the spi.
 */
@NullMarked
package io.github.pgqueue.internal.jdbc;

import org.jspecify.annotations.NullMarked;
