package io.github.pgqueue.shop.jdbc;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Runs single statements. In a transaction of the calling thread they are part of it, else they take effect at once:
 * that is the doing of the data source, as in every Jakarta EE application.
 */
@ApplicationScoped
public class Statements {

    @Inject
    DataSource dataSource;

    /** Runs a statement and returns how many rows it changed. */
    public int update(String sql, Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new StatementFailedException(e);
        }
    }

    /** Runs a query and reads its rows. */
    public <T> List<T> rows(String sql, Row<T> row, Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            try (ResultSet result = statement.executeQuery()) {
                List<T> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(row.read(result));
                }
                return rows;
            }
        } catch (SQLException e) {
            throw new StatementFailedException(e);
        }
    }

    /** Runs a query whose answer is one number. */
    public long number(String sql, Object... values) {
        return rows(sql, row -> row.getLong(1), values).get(0);
    }

    private static void bind(PreparedStatement statement, Object[] values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }
}
