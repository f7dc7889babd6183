package io.github.pgqueue.it.soak;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/** Transactions that are prepared, left alone for a while, and then ended by somebody else, as a recovery does. */
final class PreparedTransactions implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double LONGEST_SECONDS = 2.5;

    private final DataSource dataSource;
    private final Tally tally;
    private final Threads thread = new Threads();
    private final Span span = thread.span();

    PreparedTransactions(DataSource dataSource, Tally tally) {
        this.dataSource = dataSource;
        this.tally = tally;
        thread.start("recovery", this::run);
    }

    /** Prepares the transaction of a connection. Its name says what will become of it, and after how many seconds. */
    static void prepare(Connection connection, boolean commit, Random random) throws SQLException {
        String name = (commit ? "COMMIT" : "ROLLBACK") + "/" + LONGEST_SECONDS * random.nextDouble() + "/"
                + UUID.randomUUID();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PREPARE TRANSACTION '" + name + "'");
        }
    }

    private void run() throws InterruptedException {
        while (!span.over()) {
            endThoseDue();
            span.rest(LOOK);
        }
    }

    private void endThoseDue() {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String name : due(statement)) {
                boolean commit = name.startsWith("COMMIT");
                statement.execute((commit ? "COMMIT" : "ROLLBACK") + " PREPARED '" + name + "'");
                tally.count(commit ? Event.PREPARED_COMMITTED : Event.PREPARED_ROLLED_BACK);
            }
        } catch (SQLException databaseAway) {
            // they wait for the next look
        }
    }

    private static List<String> due(Statement statement) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(SoakSql.DUE)) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    /** Waits until none is left; nobody prepares any more. A database with some cannot be dropped. */
    void awaitNone() {
        Awaitility.await("end of prepared transactions")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> {
                    try (Connection connection = dataSource.getConnection();
                            Statement statement = connection.createStatement();
                            ResultSet row = statement.executeQuery(SoakSql.PREPARED)) {
                        return row.next() && row.getLong(1) == 0;
                    }
                });
    }

    @Override
    public void close() {
        thread.close();
    }
}
