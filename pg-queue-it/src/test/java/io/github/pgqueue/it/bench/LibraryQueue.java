package io.github.pgqueue.it.bench;

import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.Subscription;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import io.github.pgqueue.spi.PgQueueListener;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A queue of pg-queue, used through its public API only: a manager of its own that has been started, over a pool of
 * Agroal as the README recommends.
 */
final class LibraryQueue implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int SPARE_CONNECTIONS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final TestDatabase database;
    private final String name;
    private final AgroalDataSource pool;
    private final Events events = new Events();
    private final PgQueueManager manager;

    private LibraryQueue(TestDatabase database, String name, int clients) throws SQLException {
        this.database = database;
        this.name = name;
        this.pool = NarayanaPool.APART.open(database.database(), clients + SPARE_CONNECTIONS, PATIENCE);
        this.manager = PgQueueManager.builder(pool)
                .config(PgQueueConfig.defaults().withDrainTimeout(Duration.ofMillis(100)))
                .listener(events)
                .build();
        manager.start();
        warm(pool, clients + SPARE_CONNECTIONS);
    }

    /** A new queue. */
    static LibraryQueue create(TestDatabase database, int clients) throws SQLException {
        String name = "bench" + COUNT.incrementAndGet();
        call(database, BenchSql.CREATE_QUEUE, name);
        return new LibraryQueue(database, name, clients);
    }

    /** A node more on the same queue. */
    LibraryQueue anotherNode(int clients) throws SQLException {
        return new LibraryQueue(database, name, clients);
    }

    /** Counts what the library tells. */
    private static final class Events implements PgQueueListener {

        private volatile CountDownLatch toComplete = new CountDownLatch(0);
        private final AtomicLong naps = new AtomicLong();

        @Override
        public void completed(Job<?> job) {
            toComplete.countDown();
        }

        @Override
        public void asleep(QueueName queue) {
            naps.incrementAndGet();
        }
    }

    String table() {
        return "queue_" + name;
    }

    JobQueue<Parcel> jobs() {
        return manager.queue(name, Parcel.class);
    }

    /** Jobs that are there before anything is timed. */
    void fill(int jobs) throws SQLException {
        try (Session session = Session.open(database, table())) {
            session.fill(jobs);
        }
    }

    Subscription work(WorkerOptions options, JobHandler<Parcel> handler) {
        return manager.work(name, Parcel.class, options, handler);
    }

    /** How often a worker has fallen asleep. */
    long naps() {
        return events.naps.get();
    }

    /** Works all that is there by leased workers; the nanoseconds until the last row is gone. */
    long drain(int jobs, int threads) throws InterruptedException {
        CountDownLatch completed = new CountDownLatch(jobs);
        events.toComplete = completed;
        long begin = System.nanoTime();
        Subscription worker =
                work(WorkerOptions.leased().withConcurrency(threads), (job, context) -> Outcome.complete());
        try {
            completed.await();
            long end = System.nanoTime();
            // what is told to be completed should be; if it is not, the time goes on
            return isEmpty() ? end - begin : awaitEmpty() - begin;
        } finally {
            worker.close();
        }
    }

    /** Works all that is there by transactional workers; the nanoseconds until the last row is gone. */
    long workInTransactions(int jobs, int threads) throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(jobs);
        long begin = System.nanoTime();
        Subscription worker = work(WorkerOptions.transactional().withConcurrency(threads), (job, context) -> {
            Session.writeEffect(context.connection(), job.id());
            handled.countDown();
            return Outcome.complete();
        });
        try {
            handled.await();
            return awaitEmpty() - begin;
        } finally {
            worker.close();
        }
    }

    /** Claims single jobs by hand and completes them; how long each claim took. */
    long[] claim(int claims) {
        JobQueue<Parcel> jobs = jobs();
        long[] nanos = new long[claims];
        for (int done = 0; done < claims; done++) {
            long begin = System.nanoTime();
            Job<Parcel> job = jobs.pop().orElseThrow(() -> new IllegalStateException("no job left"));
            nanos[done] = System.nanoTime() - begin;
            jobs.complete(job);
        }
        return nanos;
    }

    /** The moment at which no job was left, by {@link System#nanoTime()}. */
    long awaitEmpty() {
        return awaitEmpty(database, table());
    }

    static long awaitEmpty(TestDatabase database, String table) {
        long look = System.nanoTime();
        while (!isEmpty(database, table)) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
            look = System.nanoTime();
        }
        return look;
    }

    private boolean isEmpty() {
        return isEmpty(database, table());
    }

    private static boolean isEmpty(TestDatabase database, String table) {
        return database.text(BenchSql.on(table, BenchSql.IS_EMPTY)).equals("t");
    }

    /** Opens the connections now instead of in the timed section. */
    static void warm(AgroalDataSource pool, int clients) throws SQLException {
        List<Connection> connections = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            connections.add(pool.getConnection());
        }
        for (Connection connection : connections) {
            connection.close();
        }
    }

    static void call(TestDatabase database, String sql, String queue) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, queue);
            statement.execute();
        }
    }

    /** Stops this node. */
    void stop() {
        manager.close();
        pool.close();
    }

    /** Stops this node and drops the queue. */
    @Override
    public void close() throws SQLException {
        stop();
        call(database, BenchSql.DROP_QUEUE, name);
    }
}
