package io.github.pgqueue.it.bench;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What waking workers up costs those who push, with 16 clients. Everybody is set beside the same inserts by hand into a
 * table of the library whose rows wake nobody.
 *
 * <p>Awake is a worker that is busy with one job all the time. Sleepy is one that works what comes, and sleeps whenever
 * there is nothing: since it sleeps in between only if it keeps up, the raw side has a consumer too, which takes batches
 * for good and looks again every millisecond.
 */
final class EnqueueScenario implements Scenario {

    private static final int THREADS_HERE = 16;
    private static final int JOBS = 40_000;

    /** Enough to take at once what has come meanwhile. */
    private static final int SLEEPY_CONCURRENCY = 16;

    @Override
    public List<String> names() {
        return List.of("enqueue-awake", "enqueue-sleepy", "insert-sql-awake");
    }

    @Override
    public List<Figure> measure(TestDatabase database, Rounds rounds, Knobs knobs) throws Exception {
        Candidate unnoticed = scale -> {
            LibraryQueue queue = LibraryQueue.create(database, 1);
            database.execute(BenchSql.on(queue.table(), BenchSql.WAKE_NOBODY));
            return insert(database, queue, queue::close, scale);
        };
        return rounds.compare(List.of(
                comparison("enqueue-awake", "push, workers awake", scale -> pushAwake(database, scale), unnoticed),
                comparison(
                        "enqueue-sleepy",
                        "push, a sleepy worker",
                        scale -> pushSleepy(database, scale),
                        scale -> insertPolled(database, knobs.batch(), scale)),
                comparison(
                        "insert-sql-awake",
                        "INSERT, workers awake",
                        scale -> insertAwake(database, scale),
                        unnoticed)));
    }

    private static Comparison comparison(String name, String detail, Candidate candidate, Candidate raw) {
        return new Comparison(name, THREADS_HERE, detail, Measure.RATE, candidate, raw);
    }

    private static Candidate.Trial pushAwake(TestDatabase database, double scale) throws Exception {
        LibraryQueue queue = LibraryQueue.create(database, THREADS_HERE);
        LibraryQueue worker = busyNode(queue);
        return push(queue, all(worker::stop, queue::close), scale);
    }

    private static Candidate.Trial pushSleepy(TestDatabase database, double scale) throws Exception {
        LibraryQueue queue = LibraryQueue.create(database, THREADS_HERE);
        LibraryQueue worker = queue.anotherNode(SLEEPY_CONCURRENCY);
        worker.work(WorkerOptions.leased().withConcurrency(SLEEPY_CONCURRENCY), (job, context) -> Outcome.complete());
        while (worker.naps() == 0) {
            rest();
        }
        return push(queue, all(worker::stop, queue::close), scale);
    }

    private static Candidate.Trial push(LibraryQueue node, Candidate.Closing all, double scale) {
        return new PushScenario.Pushing(node, THREADS_HERE, PushScenario.perClient(JOBS, scale, THREADS_HERE), all);
    }

    private static Candidate.Trial insertAwake(TestDatabase database, double scale) throws Exception {
        LibraryQueue queue = LibraryQueue.create(database, 1);
        LibraryQueue worker = busyNode(queue);
        return insert(database, queue, all(worker::stop, queue::close), scale);
    }

    private static Candidate.Trial insertPolled(TestDatabase database, int batch, double scale) throws Exception {
        LibraryQueue queue = LibraryQueue.create(database, 1);
        database.execute(BenchSql.on(queue.table(), BenchSql.WAKE_NOBODY));
        Session session = Session.open(database, queue.table());
        Loop consumer = Loop.start("bench-consumer", () -> {
            session.drainDestructively(batch);
            rest();
        });
        return insert(database, queue, all(consumer::close, session::close, queue::close), scale);
    }

    /** Inserts by bare JDBC into a queue of the library; closes what there is. */
    private static Candidate.Trial insert(
            TestDatabase database, LibraryQueue queue, Candidate.Closing all, double scale) throws Exception {
        int each = PushScenario.perClient(JOBS, scale, THREADS_HERE);
        List<Session> sessions = Session.open(database, queue.table(), THREADS_HERE);
        return new Candidate.Trial() {
            @Override
            public Timing run() throws Exception {
                return Timing.together(
                        (long) each * THREADS_HERE,
                        Clients.run(THREADS_HERE, client -> sessions.get(client).push(each)));
            }

            @Override
            public void close() throws SQLException {
                Session.closeAll(sessions);
                all.close();
            }
        };
    }

    /** A node whose only worker is busy until the node stops. */
    private static LibraryQueue busyNode(LibraryQueue queue) throws Exception {
        LibraryQueue node = queue.anotherNode(1);
        CountDownLatch busy = new CountDownLatch(1);
        node.work(WorkerOptions.leased().withConcurrency(1), (job, context) -> {
            busy.countDown();
            new CountDownLatch(1).await();
            return Outcome.complete();
        });
        queue.jobs().push(Parcel.of(0));
        busy.await();
        return node;
    }

    private static Candidate.Closing all(Candidate.Closing... parts) {
        return () -> {
            for (Candidate.Closing part : parts) {
                part.close();
            }
        };
    }

    private static void rest() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
}
