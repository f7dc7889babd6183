package io.github.pgqueue.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.InvalidArgumentException;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller that died has left behind is removed. */
@PgQueueTest
class RequestCleanupIT {

    private static final String LEFT = "SELECT string_agg(reply_to, ', ' ORDER BY deadline) FROM pg_queue_request";

    @BeforeEach
    void leaveRequests(TestDatabase database) {
        database.execute("DELETE FROM pg_queue_request", """
                INSERT INTO pg_queue_request (request_id, reply_to, deadline, outcome, response)
                VALUES
                    (gen_random_uuid(), 'old, answered', now() - interval '1 hour', 'value', '1'),
                    (gen_random_uuid(), 'overdue', now() - interval '10 min', NULL, NULL),
                    (gen_random_uuid(), 'pending', now() + interval '10 min', NULL, NULL)
                """);
    }

    @Test
    void cleanupOldResponses_removesThoseOverdueForLonger(TestNode node) {
        long removed = node.manager().requestResponse().cleanupOldResponses(Duration.ofMinutes(30));

        assertThat(removed).isEqualTo(1);
        assertThat(node.database().text(LEFT)).isEqualTo("overdue, pending");
    }

    @Test
    void cleanupOldResponses_ofZero_removesWhateverIsOverdue(TestNode node) {
        long removed = node.manager().requestResponse().cleanupOldResponses(Duration.ZERO);

        assertThat(removed).isEqualTo(2);
        assertThat(node.database().text(LEFT)).isEqualTo("pending");
    }

    @Test
    void cleanupOldResponses_negative_isRefused(TestNode node) {
        assertThatThrownBy(() -> node.manager().requestResponse().cleanupOldResponses(Duration.ofNanos(-1)))
                .isInstanceOfSatisfying(
                        InvalidArgumentException.class,
                        e -> assertThat(e.code()).isEqualTo("PGQ4004"));
    }

    @Test
    void cleanupOldResponses_longest_removesNothing(TestNode node) {
        long removed = node.manager().requestResponse().cleanupOldResponses(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(removed).isZero();
    }

    @Test
    void housekeeping_removesWhatIsOverdueForAMinute(TestDatabase database) {
        database.execute("INSERT INTO pg_queue_request (request_id, reply_to, deadline)"
                + " VALUES (gen_random_uuid(), 'just overdue', now() - interval '1 s')");
        try (TestNode node = TestNode.on(database, config -> config.withHousekeepingInterval(Duration.ofMillis(100)))) {

            node.manager().start();

            Awaitility.await().until(() -> database.text(LEFT).equals("just overdue, pending"));
        }
    }
}
