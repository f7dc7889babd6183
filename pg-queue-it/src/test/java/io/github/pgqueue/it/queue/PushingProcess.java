package io.github.pgqueue.it.queue;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.support.ProcessNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import org.postgresql.ds.PGSimpleDataSource;

/** A process that writes and pushes in one transaction, commits or not, and then waits to be killed. */
final class PushingProcess {

    private PushingProcess() {}

    /** Arguments: the queue; the table; whether to commit. */
    public static void main(String[] arguments) throws SQLException, InterruptedException {
        PGSimpleDataSource dataSource = ProcessNode.dataSource();
        try (PgQueueManager manager = PgQueueManager.builder(dataSource).build();
                Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO " + arguments[1] + " VALUES ('x')");
            }
            manager.using(connection).queue(arguments[0], String.class).push("x");
            ProcessNode.say("pushed");
            if (Boolean.parseBoolean(arguments[2])) {
                connection.commit();
                ProcessNode.say("committed");
            }
            new CountDownLatch(1).await();
        }
    }
}
