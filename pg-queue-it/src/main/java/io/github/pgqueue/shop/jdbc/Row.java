package io.github.pgqueue.shop.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Reads one row of a result.
 *
 * @param <T> what becomes of the row
 */
@FunctionalInterface
public interface Row<T> {

    /** Reads the row on which the result stands. */
    T read(ResultSet row) throws SQLException;
}
