package io.github.pgqueue.it.soak;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The control of jobs that are lost: a consumer that goes on from the highest id it has seen, as if none came later. */
final class BlindCursor {

    private static final Duration PAUSE = Duration.ofMillis(10);

    private final DataSource dataSource;
    private final Span span;

    BlindCursor(DataSource dataSource, Span span) {
        this.dataSource = dataSource;
        this.span = span;
    }

    void run() throws InterruptedException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            long last = 0;
            while (!span.over()) {
                last = work(connection, last);
                span.rest(PAUSE);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One transaction; returns the highest id. */
    private static long work(Connection connection, long after) throws SQLException {
        long last = after;
        List<String> keys = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(SoakSql.READ_ON)) {
            select.setLong(1, after);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    last = row.getLong("id");
                    keys.add(row.getString("key"));
                }
            }
        }
        for (String key : keys) {
            Way.BY_HAND.write(connection, key, 1);
        }
        connection.commit();
        return last;
    }
}
