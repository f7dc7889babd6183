package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.QueueName;
import io.github.pgqueue.QueueNotFoundException;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A queue that somebody else dropped is missing, not broken; and it works again once it is created again. */
@PgQueueTest
class DroppedQueueIT {

    private static void assertNotFound(JobQueue<?> queue, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        QueueNotFoundException.class,
                        missing -> assertThat(missing.queue()).isEqualTo(queue.name()));
    }

    private static void drop(TestNode node, JobQueue<?> queue) {
        node.database().execute("SELECT pg_queue_drop_queue('" + queue.name() + "')");
    }

    @Test
    void use_afterItWasDroppedElsewhere_isNotFoundUntilItIsCreatedAgain(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");
        drop(node, queue);

        assertNotFound(queue, () -> queue.push("y"));
        assertNotFound(queue, () -> queue.push("y"));

        node.manager().createQueue(queue.name().value());
        queue.push("z");
        assertThat(queue.pendingCount()).isEqualTo(1);
    }

    /** Workers lock the tables of a queue in more than one order. */
    @Test
    void drop_whileSomebodyUsesOneTableAndThenTheOther_waitsForIt(TestNode node) throws Exception {
        JobQueue<String> queue = node.queue();
        try (Connection working = node.database().connect();
                Statement work = working.createStatement();
                Connection dropping = node.database().connect();
                Statement drop = dropping.createStatement()) {
            working.setAutoCommit(false);
            work.execute("SELECT FROM pg_queue_lease_" + queue.name());
            InBackground<Boolean> dropped =
                    InBackground.call(() -> drop.execute("SELECT pg_queue_drop_queue('" + queue.name() + "')"));
            node.database()
                    .await(
                            "SELECT wait_event FROM pg_stat_activity WHERE query LIKE '%drop_queue%" + queue.name()
                                    + "%' AND pid <> pg_backend_pid()",
                            "PgSleep");

            work.execute("SELECT FROM queue_" + queue.name());
            working.commit();

            dropped.result();
        }
        assertNotFound(queue, () -> queue.push("x"));
    }

    @Test
    void everyOperation_onADroppedQueue_isNotFound(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");
        var job = queue.pop().orElseThrow();
        List<ThrowingCallable> calls = List.of(
                () -> queue.pushAll(List.of("y")),
                queue::pop,
                () -> queue.complete(job),
                () -> queue.completeAll(List.of(job)),
                () -> queue.fail(job, new IllegalStateException()),
                () -> queue.retry(job, Duration.ZERO),
                () -> queue.release(job),
                queue::pendingCount,
                queue::stats,
                () -> node.manager()
                        .requestResponse()
                        .pushAndWait(queue.name().value(), "x", String.class, Duration.ofMinutes(1)));

        for (ThrowingCallable call : calls) {
            node.manager().createQueue(queue.name().value());
            queue.stats();
            drop(node, queue);

            assertNotFound(queue, call);
        }
    }

    @Test
    void push_inATransaction_theFirstEndsIt_theNextOneIsFoundOutBefore(TestNode node) throws SQLException {
        JobQueue<String> queue = node.queue();
        queue.push("x");
        drop(node, queue);
        try (Connection connection = node.database().connect()) {
            connection.setAutoCommit(false);
            JobQueue<String> using =
                    node.manager().using(connection).queue(queue.name().value(), String.class);
            assertNotFound(queue, () -> using.push("y"));
            connection.rollback();

            assertNotFound(queue, () -> using.push("y"));

            assertThatUsable(connection);
        }
    }

    private static void assertThatUsable(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT 1")) {
            assertThat(row.next()).isTrue();
        }
    }

    @Test
    void otherTable_thatIsMissing_isStillAStorageError(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");
        node.database().execute("ALTER TABLE pg_queue_dead_letter RENAME TO hidden");
        try {
            assertThatThrownBy(queue::stats).isInstanceOf(StorageException.class);
        } finally {
            node.database().execute("ALTER TABLE hidden RENAME TO pg_queue_dead_letter");
        }
    }

    @Test
    void work_queueDroppedAndCreatedAgain_goesOn(TestNode node) {
        JobQueue<String> queue = node.queue();
        node.manager().work(queue.name().value(), String.class, (job, context) -> Outcome.complete());
        node.manager().start();
        queue.push("x");
        node.probe().await("completed " + queue.name());

        drop(node, queue);
        node.manager().createQueue(queue.name().value());
        queue.push("y");

        node.probe().await("completed " + queue.name(), 2);
    }

    @Test
    void queues_areThoseThatHaveBeenCreated(TestNode node) {
        JobQueue<String> one = node.queue();
        JobQueue<String> other = node.queue();

        node.manager().dropQueue(other.name().value());

        assertThat(node.manager().queues()).contains(one.name()).doesNotContain(other.name(), new QueueName("never"));
    }
}
