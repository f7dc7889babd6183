package io.github.pgqueue.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.Intercepted;
import io.github.pgqueue.it.support.Probe;
import io.github.pgqueue.it.support.TestDataSource;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Outcome;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Many requests of one manager at once: one channel, one connection, and to each its own answer. */
class ConcurrentRequestsIT {

    private static final int REQUESTS = 200;
    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void pushAndWait_by200Threads_eachGetsItsOwnAnswer() {
        Probe probe = new Probe();
        try (TestDatabase database = TestDatabase.create();
                PgQueueManager manager = PgQueueManager.builder(atMost(8, database))
                        .config(TestNode.quick())
                        .listener(probe)
                        .build()) {
            manager.createQueue("squares");
            List<InBackground<Integer>> callers = IntStream.range(0, REQUESTS)
                    .mapToObj(i -> InBackground.call(
                            () -> manager.requestResponse().pushAndWait("squares", i, Integer.class, LONG)))
                    .toList();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> database.number("SELECT count(*) FROM pg_queue_request") == REQUESTS);
            probe.await("listening ");
            assertThat(database.number("SELECT count(DISTINCT reply_to) FROM pg_queue_request"))
                    .isEqualTo(1);
            Awaitility.await()
                    .until(() -> database.number("SELECT count(*) FROM pg_stat_activity WHERE datname ="
                                    + " current_database() AND pid <> pg_backend_pid()")
                            == 1);

            manager.work("squares", Integer.class, (job, context) -> Outcome.complete(job.payload() * job.payload()));
            manager.start();

            assertThat(callers.stream().map(InBackground::result))
                    .containsExactlyElementsOf(
                            IntStream.range(0, REQUESTS).mapToObj(i -> i * i).toList());
            assertThat(probe.countOf("listening ")).isEqualTo(1);
            assertThat(database.number("SELECT count(*) FROM pg_queue_request")).isZero();
        }
    }

    /** Who waits for an answer must not hold a connection meanwhile: so few are enough for any number of callers. */
    private static TestDataSource atMost(int connections, TestDatabase database) {
        Semaphore free = new Semaphore(connections);
        return () -> {
            free.acquireUninterruptibly();
            return Intercepted.proxy(Connection.class, database.connect(), call -> {
                if (call.method().equals("close")) {
                    free.release();
                }
                return call.proceed();
            });
        };
    }
}
