package io.github.pgqueue.it.servers.lifecycle;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.servers.lifecycle.app.Clerk;
import io.github.pgqueue.it.support.ProcessNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import org.postgresql.ds.PGSimpleDataSource;

/** A process that writes the effect beside the transaction in which it pushes, and never commits: as nobody should. */
final class CarelessProcess {

    private CarelessProcess() {}

    /** Argument: what to push. */
    public static void main(String[] arguments) throws SQLException, InterruptedException {
        PGSimpleDataSource dataSource = ProcessNode.dataSource();
        try (PgQueueManager manager = PgQueueManager.builder(dataSource).build();
                Connection beside = dataSource.getConnection();
                Statement statement = beside.createStatement();
                Connection connection = dataSource.getConnection()) {
            statement.execute("INSERT INTO effect VALUES ('pushed', '" + arguments[0] + "')");
            connection.setAutoCommit(false);
            manager.using(connection).queue(Clerk.QUEUE, String.class).push(arguments[0]);
            manager.using(connection).queue(Clerk.LENT, String.class).push(arguments[0]);
            ProcessNode.say("pushed");
            new CountDownLatch(1).await();
        }
    }
}
