package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Tells a transaction in which a statement has failed from one that can be committed: PostgreSQL answers the COMMIT of
 * the former with a rollback, which the driver does not report.
 */
public final class Aborted {

    /** What the server says to a statement in such a transaction. */
    private static final String IN_FAILED_TRANSACTION = "25P02";

    private Aborted() {}

    /**
     * Throws if the transaction of the connection was aborted; the cause is the error that did it, where the driver has kept
     * it. The driver knows; where it is out of reach, the server does.
     */
    public static void refuse(Connection connection) throws SQLException {
        if (mayBeAborted(connection)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(JdbcSql.NOTHING);
            }
        }
    }

    private static boolean mayBeAborted(Connection connection) throws SQLException {
        return !connection.isWrapperFor(BaseConnection.class)
                || connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED;
    }

    /** Whether that was refused because the transaction had been aborted before. */
    public static boolean caused(StorageException refused) {
        return IN_FAILED_TRANSACTION.equals(refused.sqlState());
    }
}
