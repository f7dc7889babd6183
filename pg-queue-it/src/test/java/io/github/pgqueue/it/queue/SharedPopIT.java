package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.HookedDataSource.Hook;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.Intercepted;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDataSource;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pops of one node that come at the same time share their claims. */
@PgQueueTest
class SharedPopIT {

    private static final String CLAIM = "pg_queue_claim_";

    private final AtomicInteger claims = new AtomicInteger();
    private final Gate firstClaim = new Gate();
    private volatile Hook otherClaims = () -> {};

    private TestNode node;
    private JobQueue<String> queue;

    @BeforeEach
    void open(TestDatabase database) {
        TestDataSource counting = () -> Intercepted.proxy(Connection.class, database.connect(), call -> {
            if (call.method().equals("prepareStatement")
                    && call.argument(0).toString().contains(CLAIM)) {
                beforeClaim();
            }
            return call.proceed();
        });
        node = TestNode.on(database, counting, config -> config);
        queue = node.queue();
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void beforeClaim() throws SQLException {
        if (claims.incrementAndGet() > 1) {
            otherClaims.run();
            return;
        }
        try {
            firstClaim.pass();
        } catch (InterruptedException e) {
            // As pools do that are waited for.
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
    }

    private void push(int jobs) {
        queue.pushAll(IntStream.range(0, jobs).mapToObj(Integer::toString).toList());
    }

    /** A pop whose claim is on its way until the gate is open. */
    private InBackground<List<String>> firstPop() {
        InBackground<List<String>> first = popping(1);
        firstClaim.awaitReached();
        return first;
    }

    /** One that waits for that claim. */
    private InBackground<List<String>> waitingPop(int limit) {
        InBackground<List<String>> next = popping(limit);
        next.awaitWaiting();
        return next;
    }

    private InBackground<List<String>> popping(int limit) {
        return InBackground.call(() -> payloads(queue.pop(limit)));
    }

    private static List<String> payloads(List<Job<String>> jobs) {
        return jobs.stream().map(Job::payload).toList();
    }

    @Test
    void pop_whileAClaimIsOnItsWay_sharesTheNextOneWithThoseThatWait() {
        push(8);
        InBackground<List<String>> first = firstPop();
        List<InBackground<List<String>>> others = new ArrayList<>();
        for (int limit : new int[] {2, 1, 3, 5, 1}) {
            others.add(waitingPop(limit));
        }

        firstClaim.open();

        assertThat(first.result()).containsExactly("0");
        assertThat(others)
                .extracting(InBackground::result)
                .containsExactly(
                        List.of("1", "2"), List.of("3"), List.of("4", "5", "6"), List.of("7"), List.<String>of());
        assertThat(claims).hasValue(2);
    }

    @Test
    void pop_moreAtOnceThanOneMayAskFor_sharesNoClaim() {
        push(3);
        InBackground<List<String>> first = firstPop();
        InBackground<List<String>> second = waitingPop(6_000);
        InBackground<List<String>> third = waitingPop(6_000);

        firstClaim.open();

        assertThat(first.result()).containsExactly("0");
        assertThat(second.result()).containsExactly("1", "2");
        assertThat(third.result()).isEmpty();
        assertThat(claims).hasValue(3);
    }

    @Test
    void pop_bySixteenThreads_givesEachJobOnceByFewerClaims() {
        firstClaim.open();
        push(400);
        Set<String> popped = ConcurrentHashMap.newKeySet();
        AtomicInteger pops = new AtomicInteger();
        Runnable popUntilEmpty = () -> {
            for (List<Job<String>> jobs = queue.pop(1); !jobs.isEmpty(); jobs = queue.pop(1)) {
                assertThat(jobs).hasSize(1);
                assertThat(popped.add(jobs.get(0).payload())).isTrue();
                pops.incrementAndGet();
                queue.complete(jobs.get(0));
            }
        };

        List<InBackground<Boolean>> threads = IntStream.range(0, 16)
                .mapToObj(thread -> InBackground.run(popUntilEmpty))
                .toList();

        assertThat(threads).extracting(InBackground::result).containsOnly(true);
        assertThat(popped).hasSize(400);
        assertThat(node.database().number("SELECT count(*) FROM queue_" + queue.name()))
                .isZero();
        assertThat(claims.get()).isLessThan(pops.get());
    }

    @Test
    void pop_claimThatFails_failsForEachThatSharesItAndNobodyElse() {
        push(5);
        otherClaims = () -> {
            throw new SQLException("as the test wants it", "57014");
        };
        InBackground<List<String>> first = firstPop();
        List<InBackground<List<String>>> others = List.of(waitingPop(1), waitingPop(2));

        firstClaim.open();

        assertThat(first.result()).containsExactly("0");
        List<Throwable> failures = others.stream().map(InBackground::failure).toList();
        assertThat(failures)
                .doesNotHaveDuplicates()
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                refused -> assertThat(refused.sqlState()).isEqualTo("57014"))
                        .hasMessageContaining("as the test wants it"));
        assertThat(claims)
                .as("a database that is away is asked once for all of them")
                .hasValue(2);
        otherClaims = () -> {};
        assertThat(payloads(queue.pop(5))).containsExactly("1", "2", "3", "4");
    }

    @Test
    void pop_interruptedWhileItClaims_failsAloneAndTheOthersGoOn() {
        push(2);
        AtomicBoolean interrupted = new AtomicBoolean();
        InBackground<List<String>> first = InBackground.call(() -> {
            try {
                return payloads(queue.pop(1));
            } finally {
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        firstClaim.awaitReached();
        List<InBackground<List<String>>> others = List.of(waitingPop(1), waitingPop(1));

        first.interrupt();

        assertThat(first.failure()).isInstanceOf(StorageException.class);
        assertThat(interrupted).isTrue();
        assertThat(others).extracting(InBackground::result).containsExactly(List.of("0"), List.of("1"));
    }

    /** As a statement of its own would not be kept from its result. */
    @Test
    void pop_interruptedWhileItWaits_getsItsJobAndStaysInterrupted() {
        push(2);
        AtomicBoolean interrupted = new AtomicBoolean();
        InBackground<List<String>> first = firstPop();
        InBackground<List<String>> second = InBackground.call(() -> {
            List<String> payloads = payloads(queue.pop(1));
            interrupted.set(Thread.currentThread().isInterrupted());
            return payloads;
        });
        second.awaitWaiting();

        second.interrupt();
        firstClaim.open();

        assertThat(first.result()).containsExactly("0");
        assertThat(second.result()).containsExactly("1");
        assertThat(interrupted).isTrue();
    }

    @Test
    void pop_asAnotherTypeThanTheOthers_readsItsOwnJobsOnly() {
        push(2);
        queue.push("no number");
        queue.push("last");
        JobQueue<Integer> numbers = node.manager().queue(queue.name().value(), Integer.class);
        InBackground<List<String>> first = firstPop();
        InBackground<List<Job<Integer>>> number = InBackground.call(() -> numbers.pop(2));
        number.awaitWaiting();
        InBackground<List<String>> text = waitingPop(1);

        firstClaim.open();

        assertThat(first.result()).containsExactly("0");
        assertThat(number.result()).extracting(Job::payload).containsExactly(1);
        assertThat(text.result()).containsExactly("last");
        assertThat(node.probe().failure(queue.name().value())).contains("PGQ5007");
    }

    @Test
    void pop_sharedByACallerInATransaction_staysPoppedWhenThatRollsBack() throws SQLException {
        push(2);
        try (Connection connection = node.database().connect()) {
            connection.setAutoCommit(false);
            JobQueue<String> inside =
                    node.manager().using(connection).queue(queue.name().value(), String.class);
            InBackground<List<String>> first = InBackground.call(() -> payloads(inside.pop(1)));
            firstClaim.awaitReached();
            InBackground<List<String>> second = InBackground.call(() -> payloads(inside.pop(1)));
            second.awaitWaiting();

            firstClaim.open();

            assertThat(first.result()).containsExactly("0");
            assertThat(second.result()).containsExactly("1");
            connection.rollback();
        }
        assertThat(queue.stats().running()).isEqualTo(2);
    }

    @Test
    void pop_onlyTheSecondLaneFails_givesWhatTheFirstHad() {
        firstClaim.open();
        push(1);
        queue.release(queue.pop().orElseThrow());
        queue.push("plain");
        otherClaims = () -> {
            throw new SQLException("as the test wants it", "57014");
        };

        assertThat(payloads(queue.pop(2))).containsExactly("0");
    }
}
