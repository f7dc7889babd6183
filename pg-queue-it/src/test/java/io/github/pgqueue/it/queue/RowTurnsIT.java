package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Jobs of the row lane get their turn although the plain lane never has fewer jobs than are wanted. */
@PgQueueTest
class RowTurnsIT {

    /** More than a claim ever wants. */
    private static final int BACKLOG = 2_000;

    private static final int MORE = 500;

    /** So many plain jobs before them would be starvation. */
    private static final int MOST = 20_000;

    /** How many plain jobs had been worked when a job of the row lane was; by what brought that there. */
    private final Map<String, Integer> turns = new ConcurrentHashMap<>();

    private final AtomicInteger plain = new AtomicInteger();

    @Test
    void work_plainLaneIsNeverEmpty_worksTheRowLaneToo(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.pushAll(List.of("released", "failed", "retried"));
        Job<String> released = queue.pop().orElseThrow();
        queue.pushAll(Collections.nCopies(BACKLOG, "plain"));
        node.manager().work(queue.name().value(), String.class, (job, context) -> {
            if (job.payload().equals("plain")) {
                refill(queue, released, plain.incrementAndGet());
                return Outcome.complete();
            }
            if (job.payload().equals("failed") && job.attempt() == 1) {
                throw new IllegalStateException("the first attempt fails");
            }
            if (job.payload().equals("retried") && job.attempt() == 1) {
                return Outcome.retry(Duration.ZERO);
            }
            turns.put(job.payload(), plain.get());
            return Outcome.complete();
        });

        node.manager().start();

        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> turns.size() == 5 || plain.get() > MOST);
        assertThat(turns).containsOnlyKeys("released", "failed", "retried", "delayed", "once");
        assertThat(queue.pendingCount()).isPositive();
    }

    private void refill(JobQueue<String> queue, Job<String> released, int worked) {
        if (worked == MORE / 10) {
            queue.release(released);
            queue.push("delayed", PushOptions.none().withDelay(Duration.ofMillis(1)));
            queue.push("once", PushOptions.none().withMaxAttempts(1));
        }
        if (worked % MORE == 0) {
            queue.pushAll(Collections.nCopies(MORE, "plain"));
        }
    }
}
