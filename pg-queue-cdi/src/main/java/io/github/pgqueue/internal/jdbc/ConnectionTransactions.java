package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;

/** Joins the transaction of one connection that belongs to the caller. What must stay outside goes to the manager's own. */
public final class ConnectionTransactions implements Transactions {

    private final Connection connection;
    private final Transactions own;

    public ConnectionTransactions(Connection connection, Transactions own) {
        this.connection = connection;
        this.own = own;
    }

    @Override
    public boolean active() {
        try {
            if (connection.isClosed()) {
                throw TransactionStateException.notActive("over: its connection is closed");
            }
            return !connection.getAutoCommit();
        } catch (SQLException e) {
            throw StorageException.of(e);
        }
    }

    @Override
    public <R> R joined(Work<R> work) {
        try {
            if (connection.isClosed()) {
                throw TransactionStateException.notActive("over: its connection is closed");
            }
            return work.on(connection);
        } catch (SQLException e) {
            throw StorageException.of(e);
        }
    }

    @Override
    public <R> R outside(Work<R> work) {
        return own.outside(work);
    }

    @Override
    public <R> R begin(Work<R> work) {
        throw new IllegalStateException("the transaction of this connection belongs to the caller");
    }

    @Override
    public boolean deferSignals() {
        return false;
    }

    @Override
    public void afterCompletion(Consumer<Completion> action) {
        throw new IllegalStateException("plain JDBC transactions tell nobody when they end");
    }
}
