package io.github.pgqueue.shop.server;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Creates the tables of the shop if they are not there: when the application starts, or else, if there was no data
 * source yet, before the first request. Safe for use by many threads.
 */
@ApplicationScoped
public class ServerTables {

    private static final String TABLES = "/io/github/pgqueue/shop/shop.sql";

    @Inject
    DataSource dataSource;

    private volatile boolean there;

    void atStart(@Observes @Initialized(ApplicationScoped.class) Object event) {
        try {
            create();
        } catch (SQLException e) {
            System.getLogger(ServerTables.class.getName())
                    .log(Level.WARNING, "the tables of the shop are not there yet: {0}", e.getMessage());
        }
    }

    /** Creates them unless that is done; not to be called in a transaction. */
    void create() throws SQLException {
        if (there) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TableSql.LOCK + tables());
        }
        there = true;
    }

    private static String tables() {
        try (InputStream in = Objects.requireNonNull(ServerTables.class.getResourceAsStream(TABLES), TABLES)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
