package io.github.pgqueue.it.readme;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import org.postgresql.ds.PGSimpleDataSource;

class Hello {
    record Email(String to, String text) {}

    public static void main(String[] args) throws InterruptedException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(args[0]);
        PgQueueConfig config = PgQueueConfig.defaults().withSchemaManagement(SchemaManagement.MIGRATE);
        try (PgQueueManager manager =
                PgQueueManager.builder(database).config(config).build()) {
            manager.createQueue("emails");
            manager.work("emails", Email.class, (job, context) -> {
                System.out.println("to " + job.payload().to() + ", attempt " + job.attempt());
                return Outcome.complete();
            });
            manager.start();

            JobQueue<Email> emails = manager.queue("emails", Email.class);
            emails.push(new Email("ada@example.org", "Welcome"));
            Thread.sleep(1_000);
        }
    }
}
