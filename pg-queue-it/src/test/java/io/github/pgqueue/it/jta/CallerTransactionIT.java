package io.github.pgqueue.it.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.QueueNotFoundException;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Each row of the table of what joins the caller's transaction. */
@PgQueueTest
@TestInstance(Lifecycle.PER_CLASS)
class CallerTransactionIT {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase database;
    private WeldNode node;
    private PgQueueManager manager;
    private TransactionManager transactions;
    private JobQueue<String> queue;

    CallerTransactionIT(TestDatabase database) {
        this.database = database;
        this.node = WeldNode.builder(database).start();
        this.manager = node.get(PgQueueManager.class);
        this.transactions = node.transactionManager();
        this.queue = manager.queue("unset", String.class);
    }

    @BeforeAll
    void createTable() {
        database.execute("CREATE TABLE business (text text)");
    }

    @BeforeEach
    void freshQueue() {
        String name = "q" + COUNT.incrementAndGet();
        manager.createQueue(name);
        queue = manager.queue(name, String.class);
        database.execute("TRUNCATE business");
    }

    @AfterAll
    void close() {
        node.close();
    }

    @Test
    void push_isVisibleWhenTheTransactionCommits_andNotBefore() throws Exception {
        node.inTransaction(() -> {
            queue.push("x");
            assertThat(pendingSeenFromOutside()).isZero();
            return true;
        });

        assertThat(pendingSeenFromOutside()).isEqualTo(1);
    }

    @Test
    void pushAndWrite_thatRollBack_leaveNeither() {
        rolledBack(() -> {
            writeBusinessRow("x");
            queue.push("x");
            return true;
        });

        assertThat(pendingSeenFromOutside()).isZero();
        assertThat(businessRows()).isZero();
    }

    @Test
    void pushAndWrite_thatCommit_leaveBoth() throws Exception {
        node.inTransaction(() -> {
            writeBusinessRow("x");
            return queue.push("x");
        });

        assertThat(pendingSeenFromOutside()).isEqualTo(1);
        assertThat(businessRows()).isEqualTo(1);
    }

    @Test
    void pushAndWrite_shareOneTransactionOfTheDatabase() throws Exception {
        String same = node.inTransaction(() -> {
            writeBusinessRow("x");
            queue.push("x");
            return database.text("SELECT 1")
                    + fromInside("SELECT (SELECT xmin::text FROM business) = (SELECT xmin::text FROM queue_%s)"
                            .formatted(queue.name()));
        });

        assertThat(same).isEqualTo("1t");
    }

    @Test
    void publish_isHeardAfterACommit_andNeverAfterARollback() throws Exception {
        try (PgListener listener = manager.createListener()) {
            listener.listen("jta");

            rolledBack(() -> {
                manager.channel("jta", String.class).publish("rolled back");
                return true;
            });
            node.inTransaction(() -> {
                manager.channel("jta", String.class).publish("committed");
                return true;
            });

            assertThat(listener.receive(PATIENCE))
                    .hasValueSatisfying(signal -> assertThat(signal.payload()).isEqualTo("\"committed\""));
            assertThat(listener.tryReceive()).isEmpty();
        }
    }

    @Test
    void publish_ofManyInOneTransaction_keepsTheirOrder() throws Exception {
        try (PgListener listener = manager.createListener()) {
            listener.listen("ordered");

            node.inTransaction(() -> {
                for (int i = 0; i < 100; i++) {
                    manager.channel("ordered", Integer.class).publish(i);
                }
                return true;
            });

            for (int i = 0; i < 100; i++) {
                String expected = String.valueOf(i);
                assertThat(listener.receive(PATIENCE))
                        .hasValueSatisfying(
                                signal -> assertThat(signal.payload()).isEqualTo(expected));
            }
        }
    }

    @Test
    void complete_thatRollsBack_leavesTheJobHeld() {
        queue.push("x");
        Job<String> job = queue.pop().orElseThrow();

        rolledBack(() -> {
            queue.complete(job);
            return true;
        });

        assertThat(queue.stats().running()).isEqualTo(1);
        queue.complete(job);
        assertThat(jobs()).isZero();
    }

    @Test
    void failAndRetry_thatRollBack_leaveTheJobHeldAndItsFailuresUntouched() {
        queue.push("x");
        Job<String> job = queue.pop().orElseThrow();

        rolledBack(() -> {
            queue.fail(job, new IllegalStateException());
            return true;
        });
        rolledBack(() -> {
            queue.retry(job, Duration.ofHours(1), new IllegalStateException());
            return true;
        });

        assertThat(database.number("SELECT failures FROM queue_" + queue.name()))
                .isZero();
        assertThat(queue.stats().running()).isEqualTo(1);
    }

    @Test
    void deadLetter_thatRollsBack_isNone() {
        database.execute("INSERT INTO queue_%s (payload, max_attempts) VALUES ('\"x\"', 1)".formatted(queue.name()));
        Job<String> job = queue.pop().orElseThrow();

        rolledBack(() -> {
            queue.fail(job, new IllegalStateException());
            assertThat(queue.stats().dead()).isEqualTo(1);
            return true;
        });

        assertThat(queue.stats().dead()).isZero();
        assertThat(queue.stats().running()).isEqualTo(1);
    }

    @Test
    void storeResponse_thatRollsBack_isNone() {
        UUID request = UUID.randomUUID();
        database.execute(
                "INSERT INTO pg_queue_request VALUES ('%s', 'nobody', statement_timestamp() + interval '1 hour')"
                        .formatted(request));

        rolledBack(() -> {
            assertThat(manager.requestResponse().storeResponse(request, "x")).isTrue();
            return true;
        });

        assertThat(database.text("SELECT outcome FROM pg_queue_request WHERE request_id = '%s'".formatted(request)))
                .isEqualTo("null");
    }

    @Test
    void popAndRelease_neverJoin() {
        queue.push("x");

        List<Job<String>> popped = new ArrayList<>();
        rolledBack(() -> popped.addAll(queue.pop(1)));
        assertThat(queue.stats().running()).isEqualTo(1);

        database.endLease(popped.get(0));
        Job<String> job = queue.pop().orElseThrow();
        rolledBack(() -> {
            queue.release(job);
            return true;
        });
        assertThat(queue.stats().ready()).isEqualTo(1);
    }

    @Test
    void pop_insideATransaction_doesNotSeeItsOwnPush() throws Exception {
        node.inTransaction(() -> {
            queue.push("x");
            assertThat(queue.pop()).isEmpty();
            return true;
        });

        assertThat(queue.pop()).isPresent();
    }

    @Test
    void cache_neverJoins_whateverStateTheTransactionIsIn() throws Exception {
        rolledBack(() -> {
            manager.cache().set("kept", "value", Duration.ofHours(1));
            return true;
        });
        assertThat(manager.cache().get("kept", String.class)).contains("value");

        transactions.begin();
        transactions.setRollbackOnly();
        assertThat(manager.cache().get("kept", String.class)).contains("value");
        assertThat(queue.pop()).isEmpty();
        transactions.rollback();
    }

    @Test
    void request_insideATransaction_isRefusedAndLeavesNothing() {
        rolledBack(() -> {
            assertThatThrownBy(() -> manager.requestResponse()
                            .pushAndWait(queue.name().value(), "x", String.class, Duration.ofSeconds(1)))
                    .isInstanceOfSatisfying(
                            TransactionStateException.class,
                            refused -> assertThat(refused.code()).isEqualTo("PGQ4001"));
            return true;
        });

        assertThat(jobs()).isZero();
        assertThat(database.number("SELECT count(*) FROM pg_queue_request WHERE reply_to <> 'nobody'"))
                .isZero();
    }

    @Test
    void joining_aTransactionMarkedForRollback_isRefused() throws Exception {
        transactions.begin();
        transactions.setRollbackOnly();

        Throwable push = catchThrowable(() -> queue.push("x"));
        Throwable publish =
                catchThrowable(() -> manager.channel("refused", String.class).publish("x"));
        transactions.rollback();

        assertRefused(push);
        assertRefused(publish);
        assertThat(jobs()).isZero();
    }

    @Test
    void push_byAThreadThatGoesOnAfterItsTransactionTimedOut_isRefusedAndCommitsNothing() throws Exception {
        transactions.setTransactionTimeout(1);
        transactions.begin();
        writeBusinessRow("x");
        Awaitility.await()
                .pollInSameThread()
                .atMost(PATIENCE)
                .until(() -> transactions.getStatus() != Status.STATUS_ACTIVE);

        Throwable push = catchThrowable(() -> queue.push("x"));
        Throwable pop = catchThrowable(() -> queue.pop());
        transactions.rollback();
        transactions.setTransactionTimeout(0);

        assertRefused(push);
        assertThat(pop).isNull();
        assertThat(jobs()).isZero();
        assertThat(businessRows()).isZero();
    }

    @Test
    void pushStream_joins_andGoesWithTheTransaction() throws Exception {
        rolledBack(() -> queue.pushStream(portions()));
        assertThat(jobs()).isZero();

        node.inTransaction(() -> {
            writeBusinessRow("x");
            assertThatThrownBy(() -> queue.pushStream(Stream.concat(portions(), Stream.of("NUL \u0000"))))
                    .isInstanceOf(PayloadException.class);
            return queue.pushStream(portions().peek(payload -> {
                assertThat(fromInside("SELECT count(*) FROM business")).isEqualTo("1");
            }));
        });

        assertThat(pendingSeenFromOutside()).isEqualTo(30);
        assertThat(businessRows()).isEqualTo(1);
    }

    @Test
    void pushStream_whoseTransactionEndsMeanwhile_isRefusedAndCommitsNothing() throws Exception {
        transactions.begin();

        Throwable push = catchThrowable(() -> queue.pushStream(portions().peek(payload -> {
            if (payload.startsWith("29")) {
                rollBackOnly();
            }
        })));
        transactions.rollback();

        assertRefused(push);
        assertThat(jobs()).isZero();
    }

    /** For more than one portion. */
    private static Stream<String> portions() {
        return IntStream.range(0, 30).mapToObj(i -> i + "x".repeat(100_000));
    }

    private void rollBackOnly() {
        try {
            transactions.setRollbackOnly();
        } catch (SystemException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void refusedPayloadsAndMissingQueues_leaveTheTransactionUsable() throws Exception {
        node.inTransaction(() -> {
            writeBusinessRow("x");
            assertThatThrownBy(() -> queue.push("NUL \u0000")).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> queue.push("lone \uD83D")).isInstanceOf(PayloadException.class);
            assertThatThrownBy(
                            () -> manager.queue("nobody_made_it", String.class).push("x"))
                    .isInstanceOf(QueueNotFoundException.class);
            assertThatThrownBy(
                            () -> manager.channel("x".repeat(64), String.class).publish("x"))
                    .isInstanceOf(PgQueueException.class);
            return queue.push("good");
        });

        assertThat(businessRows()).isEqualTo(1);
        assertThat(jobs()).isEqualTo(1);
    }

    private static void assertRefused(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        TransactionStateException.class,
                        refused -> assertThat(refused.code()).isEqualTo("PGQ6003"));
    }

    /** Runs the action in a transaction that is then rolled back; an assertion that fails in it fails the test. */
    private void rolledBack(Callable<?> action) {
        RollbackPlease please = new RollbackPlease();
        assertThatThrownBy(() -> node.inTransaction(() -> {
                    action.call();
                    throw please;
                }))
                .isSameAs(please);
    }

    private static final class RollbackPlease extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private void writeBusinessRow(String text) throws SQLException {
        try (var connection = node.get(DataSource.class).getConnection();
                var insert = connection.prepareStatement("INSERT INTO business VALUES (?)")) {
            insert.setString(1, text);
            insert.executeUpdate();
        }
    }

    private String fromInside(String sql) {
        try (var connection = node.get(DataSource.class).getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private long pendingSeenFromOutside() {
        return database.number("SELECT count(*) FROM queue_%s WHERE leased_until IS NULL".formatted(queue.name()));
    }

    private long jobs() {
        return database.number("SELECT count(*) FROM queue_" + queue.name());
    }

    private long businessRows() {
        return database.number("SELECT count(*) FROM business");
    }
}
