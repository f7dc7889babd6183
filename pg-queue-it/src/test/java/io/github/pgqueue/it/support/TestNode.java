package io.github.pgqueue.it.support;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** A manager for one test, with a probe on what happens in it, and queues that no other test uses. */
public final class TestNode implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final TestDatabase database;
    private final Probe probe = new Probe();
    private final PgQueueManager manager;

    private TestNode(TestDatabase database, DataSource dataSource, UnaryOperator<PgQueueConfig> config) {
        this.database = database;
        this.manager = PgQueueManager.builder(dataSource)
                .config(config.apply(quick()))
                .listener(probe)
                .build();
    }

    /** The defaults, with little patience. */
    public static PgQueueConfig quick() {
        return PgQueueConfig.defaults()
                .withDrainTimeout(Duration.ofSeconds(5))
                .withQueueDefaults(queue -> queue.withRetryDelay(Duration.ofMillis(10), Duration.ofMillis(100)));
    }

    public static TestNode on(TestDatabase database) {
        return on(database, config -> config);
    }

    /** A node with other settings than the defaults with little patience. */
    public static TestNode on(TestDatabase database, UnaryOperator<PgQueueConfig> config) {
        return on(database, database.dataSource(), config);
    }

    /** A node that takes its connections from a data source of the test. */
    public static TestNode on(TestDatabase database, DataSource dataSource, UnaryOperator<PgQueueConfig> config) {
        return new TestNode(database, dataSource, config);
    }

    public PgQueueManager manager() {
        return manager;
    }

    public TestDatabase database() {
        return database;
    }

    /** What has happened on this node. */
    public Probe probe() {
        return probe;
    }

    /** A new queue for text. */
    public JobQueue<String> queue() {
        return queue(String.class);
    }

    /** A new queue. */
    public <T> JobQueue<T> queue(Class<T> payload) {
        return manager.queue(queueName(), payload);
    }

    /** The name of a new queue that has been created. */
    public String queueName() {
        String name = "q" + COUNT.incrementAndGet();
        manager.createQueue(name);
        return name;
    }

    /** Lets the lease of a job end now, as if its time were over. */
    public void endLease(Job<?> job) {
        database.endLease(job);
    }

    @Override
    public void close() {
        manager.close();
    }
}
