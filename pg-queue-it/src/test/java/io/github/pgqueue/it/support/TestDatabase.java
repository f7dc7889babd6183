package io.github.pgqueue.it.support;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.shop.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database of its own for one test class, with pg-queue installed from the packed migrations; dropped at the end. */
public final class TestDatabase implements AutoCloseable {

    private static @Nullable Database template;

    private final Database database;

    private TestDatabase(Database database) {
        this.database = database;
    }

    /** A database with pg-queue installed in schema {@code public}. */
    public static TestDatabase create() {
        return new TestDatabase(TestServer.get().createDatabase("it", template()));
    }

    /** A database with nothing in it. */
    public static TestDatabase empty() {
        return new TestDatabase(TestServer.get().createDatabase("it"));
    }

    private static synchronized Database template() {
        Database installed = template;
        if (installed == null) {
            installed = TestServer.get().createDatabase("template");
            PgQueueConfig config = PgQueueConfig.defaults().withSchemaManagement(SchemaManagement.MIGRATE);
            try (PgQueueManager manager =
                    PgQueueManager.builder(installed.dataSource()).config(config).build()) {
                manager.start();
            }
            template = installed;
        }
        return installed;
    }

    static synchronized void closeTemplate() {
        if (template != null) {
            template.close();
            template = null;
        }
    }

    public Database database() {
        return database;
    }

    /** Connections without a pool: each one is a session of its own. */
    public DataSource dataSource() {
        return database.dataSource();
    }

    public Connection connect() throws SQLException {
        return dataSource().getConnection();
    }

    /** Runs statements, each in autocommit. */
    public void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the first row, as a number. */
    public long number(String sql) {
        return Long.parseLong(text(sql));
    }

    /** The first column of the first row, as text; "null" if it is null. */
    public String text(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
