package io.github.pgqueue.it.servers;

import io.github.pgqueue.spi.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.literal.NamedLiteral;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** The data sources of the server. What runs here joins the transaction of the calling thread. */
@ApplicationScoped
public class Databases {

    @Inject
    @Any
    private Instance<DataSource> beans;

    /** A data source by its short name, such as {@link Environment#LOCAL}. */
    @SuppressWarnings("BanJNDI") // the names are constants of the test
    public DataSource get(String name) {
        String full = Environment.current().dataSource(name);
        if (Environment.current() == Environment.WELD_SE) {
            return beans.select(NamedLiteral.of(full)).get();
        }
        try {
            return (DataSource) new InitialContext().lookup(full);
        } catch (NamingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs one statement. */
    public void execute(String name, String sql) {
        with(name, connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    /** The first column of the first row; "null" if it is null. */
    public String text(String name, String sql) {
        return with(name, connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        });
    }

    /** The first column of the first row. */
    public long number(String name, String sql) {
        return Long.parseLong(text(name, sql));
    }

    private <R> R with(String name, Transactions.Work<R> work) {
        try (Connection connection = get(name).getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
