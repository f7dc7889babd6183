package io.github.pgqueue.it.queue;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.support.ProcessNode;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.postgresql.ds.PGSimpleDataSource;

/** A process with one worker, which writes each payload to a table; it hangs in those that say so, until it is killed. */
final class WorkingProcess {

    static final String HANG = "hang";

    private WorkingProcess() {}

    /** Arguments: the queue; the table; whether the worker is transactional; its lease. */
    public static void main(String[] arguments) throws InterruptedException {
        PGSimpleDataSource dataSource = ProcessNode.dataSource();
        WorkerOptions options =
                Boolean.parseBoolean(arguments[2]) ? WorkerOptions.transactional() : WorkerOptions.leased();
        PgQueueManager manager = PgQueueManager.builder(dataSource)
                .config(TestNode.quick().withQueueDefaults(queue -> queue.withLease(Duration.parse(arguments[3]))))
                .build();
        manager.work(arguments[0], String.class, options, (job, context) -> {
            if (options.ownTransaction()) {
                try (var insert =
                        context.connection().prepareStatement("INSERT INTO " + arguments[1] + " VALUES (?)")) {
                    insert.setString(1, job.payload());
                    insert.executeUpdate();
                }
            }
            ProcessNode.say("working " + job.payload());
            if (job.payload().equals(HANG)) {
                new CountDownLatch(1).await();
            }
            return Outcome.complete();
        });
        manager.start();
        new CountDownLatch(1).await();
    }
}
