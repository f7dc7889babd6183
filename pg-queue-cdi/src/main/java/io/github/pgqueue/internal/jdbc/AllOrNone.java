package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Several statements of which all take effect or none. In a transaction they are set back by a savepoint, so that it can go
 * on without them; where there is none, they are one of their own.
 */
public final class AllOrNone {

    private AllOrNone() {}

    /**
     * Runs the work.
     *
     * @param inTransaction whether the connection is in a transaction; if not, it is in autocommit mode and stays so
     */
    public static <R> R run(Connection connection, boolean inTransaction, Transactions.Work<R> work)
            throws SQLException {
        execute(connection, inTransaction ? JdbcSql.SAVEPOINT : JdbcSql.BEGIN);
        R result;
        try {
            result = work.on(connection);
            Aborted.refuse(connection);
        } catch (Throwable failure) {
            undo(connection, inTransaction, failure);
            throw failure;
        }
        execute(connection, inTransaction ? JdbcSql.RELEASE : JdbcSql.COMMIT);
        return result;
    }

    private static void undo(Connection connection, boolean inTransaction, Throwable failure) {
        try {
            execute(connection, inTransaction ? JdbcSql.ROLLBACK_TO : JdbcSql.ROLLBACK);
        } catch (SQLException e) {
            // The connection is broken, or the transaction is over: then it is undone already.
            failure.addSuppressed(e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
