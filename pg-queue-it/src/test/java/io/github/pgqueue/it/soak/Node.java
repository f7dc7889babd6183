package io.github.pgqueue.it.soak;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobContext;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import io.github.pgqueue.spi.PgQueueListener;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** A manager with workers for both queues that have some, and hands for the third, in this process or in another. */
final class Node implements AutoCloseable {

    static final Duration LEASE = Duration.ofSeconds(1);

    private static final int CONCURRENCY = 8;
    private static final int HANDS = 3;
    private static final int CONNECTIONS = 2 * CONCURRENCY + HANDS + 8;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration SHORT_PAUSE = Duration.ofMillis(5);
    private static final int LONGEST_WORK_MILLIS = 10;
    /** Longer than a lease. */
    private static final int LONG_WORK_MILLIS = 2000;

    private static final int LONGEST_DELAY_MILLIS = 500;
    /** Of a node that is about to be closed, for work that will be interrupted. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AgroalDataSource dataSource;
    private final PgQueueManager manager;
    private final Tally tally;
    private final AtomicInteger longWorks = new AtomicInteger();
    private final Threads hands = new Threads();
    private final Span span = hands.span();

    /** Starts a node, as soon as the database is there. */
    Node(PGSimpleDataSource database, Tally tally) throws InterruptedException {
        this.dataSource = pool(database);
        this.tally = tally;
        this.manager = started();
        for (int number = 0; number < HANDS; number++) {
            Hand hand = new Hand(
                    manager.queue(Way.BY_HAND.queue(), String.class),
                    dataSource,
                    Completion.fenced(manager),
                    tally,
                    span,
                    new Random());
            hands.start("hand", hand::run);
        }
    }

    /** As an application has one: broken connections are thrown away when they show that they are. */
    private static AgroalDataSource pool(PGSimpleDataSource database) {
        try {
            return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                    .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS)
                            .acquisitionTimeout(Duration.ofSeconds(10))
                            .exceptionSorter(new PostgreSQLExceptionSorter())
                            .connectionFactoryConfiguration(factory -> factory.jdbcUrl(database.getUrl())
                                    .principal(new NamePrincipal(database.getUser()))
                                    .credential(new SimplePassword(database.getPassword())))));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The settings of every node. */
    static PgQueueConfig config() {
        return TestNode.quick()
                .withDrainTimeout(Duration.ofMillis(10))
                .withQueueDefaults(queue -> queue.withLease(LEASE).withMaxAttempts(1_000_000));
    }

    private PgQueueManager started() throws InterruptedException {
        while (true) {
            PgQueueManager created = PgQueueManager.builder(dataSource)
                    .config(config())
                    .listener(new Listener(tally))
                    .build();
            work(created, Way.TRANSACTIONAL, WorkerOptions.transactional());
            work(created, Way.LEASED, WorkerOptions.leased());
            try {
                created.start();
                return created;
            } catch (StorageException databaseAway) {
                created.close();
                span.rest(PAUSE);
            }
        }
    }

    private void work(PgQueueManager created, Way way, WorkerOptions options) {
        created.work(
                way.queue(),
                String.class,
                options.withConcurrency(CONCURRENCY),
                (job, context) -> work(way, job, context));
    }

    /** What a transactional worker has written is committed with whatever it returns, and undone by what it throws. */
    private Outcome work(Way way, Job<String> job, JobContext context) throws Exception {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (way == Way.LEASED) {
            writeStart(job);
        }
        if (isLong(job)) {
            workLong(random);
        } else {
            span.rest(Duration.ofMillis(random.nextInt(LONGEST_WORK_MILLIS)));
        }
        int chance = random.nextInt(100);
        if (chance < 4) {
            tally.count(Event.JOB_RETRIED);
            return Outcome.retry(Duration.ofMillis(random.nextInt(LONGEST_DELAY_MILLIS)));
        }
        writeEffect(way, job, context);
        if (chance < 8) {
            tally.count(Event.JOB_FAILED);
            throw new IllegalStateException("failed, as the soak wants it");
        }
        return Outcome.complete();
    }

    /** Long in each attempt, so that one that wakes up late finds the next one at work. */
    private static boolean isLong(Job<String> job) {
        return Math.floorMod(job.payload().hashCode(), 100) < 6;
    }

    private void workLong(ThreadLocalRandom random) throws InterruptedException {
        longWorks.incrementAndGet();
        try {
            span.rest(Duration.ofMillis(random.nextInt(LONG_WORK_MILLIS)));
        } finally {
            longWorks.decrementAndGet();
        }
    }

    private void writeStart(Job<String> job) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(SoakSql.WRITE_START)) {
            insert.setString(1, job.payload());
            insert.setInt(2, job.attempt());
            insert.executeUpdate();
        }
    }

    private void writeEffect(Way way, Job<String> job, JobContext context) throws SQLException {
        if (way == Way.TRANSACTIONAL) {
            way.write(context.connection(), job);
        } else {
            try (Connection connection = dataSource.getConnection()) {
                way.write(connection, job);
            }
        }
    }

    /** Stops in the middle of the work. */
    void interrupt() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (longWorks.get() == 0 && System.nanoTime() - end < 0) {
            span.rest(SHORT_PAUSE);
        }
        close();
    }

    @Override
    public void close() {
        manager.close();
        hands.close();
        dataSource.close();
    }

    /** Counts what the library does with jobs. */
    private record Listener(Tally tally) implements PgQueueListener {

        @Override
        public void released(Job<?> job) {
            if (!job.queue().value().equals(Way.BY_HAND.queue())) {
                tally.count(Event.JOB_GIVEN_BACK);
            }
        }

        @Override
        public void leaseLost(Job<?> job) {
            tally.count(Event.END_REFUSED);
        }
    }
}
