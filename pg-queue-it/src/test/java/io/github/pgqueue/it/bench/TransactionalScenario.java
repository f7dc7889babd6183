package io.github.pgqueue.it.bench;

import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.queue.Job;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Working a backlog with one commit and one business row for each job: by transactional workers in plain Java, and by a
 * {@code @Transactional} worker of CDI with Narayana and Agroal. Beside them the loop that one would write by hand.
 */
final class TransactionalScenario implements Scenario {

    private static final int JOBS = 20_000;
    private static final int SPARE_CONNECTIONS = 4;
    private static final String QUEUE = "bench_jta";

    @Override
    public List<String> names() {
        return List.of("tx-worker", "tx-worker-jta");
    }

    @Override
    public List<Figure> measure(TestDatabase database, Rounds rounds, Knobs knobs) throws Exception {
        database.execute(BenchSql.CREATE_EFFECT);
        List<Figure> figures = new ArrayList<>();
        for (int threads : THREADS) {
            Candidate raw = scale -> raw(database, threads, scale);
            figures.addAll(rounds.compare(List.of(
                    new Comparison(
                            "tx-worker",
                            threads,
                            "transactional workers",
                            Measure.RATE,
                            scale -> library(database, threads, scale),
                            raw),
                    new Comparison(
                            "tx-worker-jta",
                            threads,
                            "CDI, Narayana, Agroal",
                            Measure.RATE,
                            scale -> jta(database, threads, scale),
                            raw))));
        }
        return figures;
    }

    private static Candidate.Trial library(TestDatabase database, int threads, double scale) throws Exception {
        int jobs = Candidate.scaled(JOBS, scale);
        database.execute(BenchSql.TRUNCATE_EFFECT);
        LibraryQueue queue = LibraryQueue.create(database, threads);
        queue.fill(jobs);
        return new Candidate.Trial() {
            @Override
            public Timing run() throws Exception {
                return Timing.together(jobs, queue.workInTransactions(jobs, threads));
            }

            @Override
            public void close() throws SQLException {
                requireEffects(database, jobs);
                queue.close();
            }
        };
    }

    private static Candidate.Trial raw(TestDatabase database, int threads, double scale) throws Exception {
        int jobs = Candidate.scaled(JOBS, scale);
        database.execute(BenchSql.TRUNCATE_EFFECT);
        RawQueue queue = RawQueue.plain(database, threads);
        queue.first().fill(jobs);
        return new RawTrial(queue, jobs, Session::workInTransactions);
    }

    private static Candidate.Trial jta(TestDatabase database, int threads, double scale) throws Exception {
        int jobs = Candidate.scaled(JOBS, scale);
        database.execute(BenchSql.TRUNCATE_EFFECT);
        LibraryQueue.call(database, BenchSql.CREATE_QUEUE, QUEUE);
        try (Session session = Session.open(database, "queue_" + QUEUE)) {
            session.fill(jobs);
        }
        AgroalDataSource pool =
                NarayanaPool.LOCAL.open(database.database(), threads + SPARE_CONNECTIONS, Duration.ofMinutes(1));
        LibraryQueue.warm(pool, threads + SPARE_CONNECTIONS);
        WeldNode node = WeldNode.builder()
                .withoutProbe()
                .dataSource(pool)
                .beans(JtaWorker.class)
                .config("pg-queue.queues." + QUEUE + ".concurrency", Integer.toString(threads))
                .start();
        JtaWorker worker = node.get(JtaWorker.class);
        worker.awaitFirst();
        return new Candidate.Trial() {
            @Override
            public Timing run() {
                long begin = System.nanoTime();
                worker.open();
                worker.awaitHandled(jobs);
                return Timing.together(jobs, LibraryQueue.awaitEmpty(database, "queue_" + QUEUE) - begin);
            }

            @Override
            public void close() throws SQLException {
                requireEffects(database, jobs);
                node.close();
                pool.close();
                LibraryQueue.call(database, BenchSql.DROP_QUEUE, QUEUE);
            }
        };
    }

    private static void requireEffects(TestDatabase database, int jobs) {
        String effects = database.text(BenchSql.COUNT_EFFECT);
        if (!effects.equals(jobs + " of " + jobs)) {
            throw new IllegalStateException(jobs + " jobs have left " + effects + " effects");
        }
    }

    /**
     * The worker of the application. Workers of CDI begin when the application starts, so its first jobs wait inside their
     * transactions until the timed section begins.
     */
    @ApplicationScoped
    static class JtaWorker {

        @Inject
        DataSource dataSource;

        private final CountDownLatch first = new CountDownLatch(1);
        private final CountDownLatch gate = new CountDownLatch(1);
        private final AtomicLong handled = new AtomicLong();

        @PgWorker(QUEUE)
        @Transactional
        public void work(Job<Parcel> job) throws InterruptedException, SQLException {
            first.countDown();
            gate.await();
            try (Connection connection = dataSource.getConnection()) {
                Session.writeEffect(connection, job.id());
            }
            handled.incrementAndGet();
        }

        void awaitFirst() throws InterruptedException {
            first.await();
        }

        void open() {
            gate.countDown();
        }

        void awaitHandled(long jobs) {
            while (handled.get() < jobs) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
            }
        }
    }
}
