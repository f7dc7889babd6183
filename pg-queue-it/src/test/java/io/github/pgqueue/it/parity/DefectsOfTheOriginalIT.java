package io.github.pgqueue.it.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.LeaseLostException;
import io.github.pgqueue.RequestFailedException;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * What the original does wrong, and what happens here instead. Each test would fail on the original's behaviour, which
 * its first line tells.
 */
@PgQueueTest
class DefectsOfTheOriginalIT {

    /** There, a push has a connection of its own and stays although the caller rolls back. */
    @Test
    void push_inATransactionThatRollsBack_leavesNothing(TestNode node) throws SQLException {
        JobQueue<String> queue = node.queue();
        try (Connection connection = node.database().connect()) {
            connection.setAutoCommit(false);

            node.manager()
                    .using(connection)
                    .queue(queue.name().value(), String.class)
                    .push("x");
            connection.rollback();
        }

        assertThat(queue.pendingCount()).isZero();
    }

    /** There, the job of a worker that died stays claimed for ever. */
    @Test
    void pop_afterTheWorkerDied_getsTheJobAgain(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");
        Job<String> abandoned = queue.pop().orElseThrow();

        node.endLease(abandoned);

        assertThat(queue.pop()).hasValueSatisfying(job -> {
            assertThat(job.id()).isEqualTo(abandoned.id());
            assertThat(job.attempt()).isEqualTo(2);
        });
    }

    /** There, a payload that cannot be read strands its job: claimed, and never given to anybody again. */
    @Test
    void pop_ofAPayloadThatCannotBeRead_buriesItAndGoesOn(TestNode node) {
        JobQueue<Integer> queue = node.queue(Integer.class);
        node.database()
                .execute("INSERT INTO queue_%s (payload, max_attempts) VALUES ('{\"no\": \"number\"}', 1), ('7', 1)"
                        .formatted(queue.name()));

        assertThat(queue.pop())
                .hasValueSatisfying(job -> assertThat(job.payload()).isEqualTo(7));

        assertThat(queue.stats().dead()).isEqualTo(1);
    }

    /** There, a failed job is pending again at once, for ever. */
    @Test
    void fail_spendsTheBudgetAndEndsAsADeadLetter(TestNode node) {
        JobQueue<String> queue = node.queue();
        node.database()
                .execute("INSERT INTO queue_%s (payload, max_attempts) VALUES ('\"x\"', 1)".formatted(queue.name()));

        queue.fail(queue.pop().orElseThrow(), new IllegalStateException("no"));

        assertThat(queue.pendingCount()).isZero();
        assertThat(queue.stats().dead()).isEqualTo(1);
    }

    /** There, completed rows stay, and the table grows without end. */
    @Test
    void complete_leavesNoRow(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");

        queue.complete(queue.pop().orElseThrow());

        assertThat(node.database().number("SELECT count(*) FROM queue_" + queue.name()))
                .isZero();
    }

    /** There, a worker that comes late completes, or gives back, the job that somebody else is running. */
    @Test
    void completeAndFail_afterTakeover_areRefused(TestNode node) {
        JobQueue<String> queue = node.queue();
        queue.push("x");
        Job<String> late = queue.pop().orElseThrow();
        node.endLease(late);
        Job<String> current = queue.pop().orElseThrow();

        assertThatThrownBy(() -> queue.complete(late)).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> queue.fail(late, new IllegalStateException())).isInstanceOf(LeaseLostException.class);

        queue.complete(current);
    }

    /** There, the row trigger notifies always, so that no transaction that has pushed can ever be prepared. */
    @Test
    void push_inATransactionThatIsPrepared_worksWhenNobodySleeps(TestNode node) throws SQLException {
        JobQueue<String> queue = node.queue();
        try (Connection connection = node.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);

            node.manager()
                    .using(connection)
                    .queue(queue.name().value(), String.class)
                    .push("x");
            statement.execute("PREPARE TRANSACTION 'original'");
            connection.setAutoCommit(true);
            statement.execute("COMMIT PREPARED 'original'");
        }

        assertThat(queue.pendingCount()).isEqualTo(1);
    }

    /** There, names are quoted when a table is created and not when it is used, and long ones are cut down to one table. */
    @Test
    void names_keepTheirCaseAndAreNeverCut(TestNode node) {
        node.manager().createQueue("Mails");
        node.manager().createQueue("mails");
        node.manager().queue("Mails", String.class).push("upper");

        assertThat(node.manager().queue("mails", String.class).pop()).isEmpty();
        assertThat(node.manager().queue("Mails", String.class).pop()).isPresent();
        assertThatThrownBy(() -> node.manager().createQueue("x".repeat(41))).isInstanceOf(InvalidNameException.class);
    }

    /** There, each call listens on a connection and a channel of its own. */
    @Test
    void requests_shareOneListeningConnection(TestNode node) {
        String queue = node.queueName();
        node.manager().work(queue, Integer.class, (job, context) -> Outcome.complete(job.payload()));
        node.manager().start();

        List<Integer> answers = IntStream.range(0, 20)
                .mapToObj(i ->
                        node.manager().requestResponse().pushAndWait(queue, i, Integer.class, Duration.ofSeconds(30)))
                .toList();

        assertThat(answers)
                .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
        assertThat(listeningSessions(node.database())).isLessThanOrEqualTo(1);
    }

    private static long listeningSessions(TestDatabase database) {
        return database.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND query ILIKE 'LISTEN%'");
    }

    /** There, a second answer breaks the worker, a failure is no answer, and answered requests stay for ever. */
    @Test
    void answers_firstOneWins_failuresTravel_andNothingStays(TestNode node) {
        JobQueue<String> queue = node.queue();
        node.manager().work(queue.name().value(), String.class, (job, context) -> {
            throw new IllegalArgumentException("not today");
        });
        node.manager().start();

        assertThatThrownBy(() -> node.manager()
                        .requestResponse()
                        .pushAndWait(queue.name().value(), "x", String.class, Duration.ofSeconds(30)))
                .isInstanceOfSatisfying(RequestFailedException.class, failure -> {
                    assertThat(failure.remoteType()).isEqualTo(IllegalArgumentException.class.getName());
                    assertThat(failure.remoteMessage()).isEqualTo("not today");
                });

        assertThat(node.database().number("SELECT count(*) FROM pg_queue_request"))
                .isZero();
    }

    /** There, the client's clock decides what expires, and expired entries stay. */
    @Test
    void cache_expiresByTheDatabasesClock_andIsSwept(TestNode node) {
        PgCache cache = node.manager().cache("defects");
        cache.set("key", "value", Duration.ofHours(1));

        node.database().execute("UPDATE pg_queue_cache SET expires_at = statement_timestamp() WHERE cache = 'defects'");

        assertThat(cache.get("key", String.class)).isEmpty();
        assertThat(cache.cleanupExpired()).isEqualTo(1);
        assertThat(node.database().number("SELECT count(*) FROM pg_queue_cache WHERE cache = 'defects'"))
                .isZero();
    }

    /** There, a queue whose index is missing or not used is read from end to end by every claim. */
    @Test
    void pop_withABacklog_readsTheIndexOfPendingJobsOnly(TestNode node) {
        JobQueue<Integer> queue = node.queue(Integer.class);
        String table = "queue_" + queue.name();
        node.database()
                .execute(
                        "INSERT INTO %s (payload) SELECT to_jsonb(n) FROM generate_series(1, 20000) n".formatted(table),
                        "VACUUM ANALYZE " + table);
        String scans = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = '%s'".formatted(table);
        node.database().execute("SELECT pg_stat_reset_single_table_counters('%s'::regclass)".formatted(table));

        for (int i = 0; i < 20; i++) {
            queue.complete(queue.pop().orElseThrow());
        }

        Awaitility.await()
                .until(() -> node.database()
                                .number("SELECT n_tup_del FROM pg_stat_user_tables WHERE relname = '%s'"
                                        .formatted(table))
                        == 20);
        assertThat(node.database().number(scans)).isZero();
    }
}
