package io.github.pgqueue.shop.jdbc;

import java.sql.SQLException;

/** A statement failed. Unchecked, so that {@code @Transactional} rolls back. */
public final class StatementFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StatementFailedException(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
