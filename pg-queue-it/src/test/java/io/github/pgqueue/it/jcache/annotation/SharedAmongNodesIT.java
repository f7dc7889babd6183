package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers of all nodes that miss the same key at the same time share one call of the method. */
@PgQueueTest
class SharedAmongNodesIT {

    private static final int CALLERS = 100;
    private static final String LEASES = "SELECT count(*) FROM pg_queue_cache WHERE cache = 'pg_queue_load:stock'";

    private static WeldNode node(TestDatabase database, boolean near) {
        return WeldNode.builder(database)
                .beans(Stock.class)
                .config("pg-queue.caches.stock.near", String.valueOf(near))
                .start();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callers_200On2Nodes_shareOneCall(boolean near, TestDatabase database) {
        try (WeldNode one = node(database, near);
                WeldNode other = node(database, near)) {
            List<Stock> stocks = List.of(one.get(Stock.class), other.get(Stock.class));
            Gate gate = new Gate();
            Callable<String> body = () -> {
                gate.passStubbornly();
                return "loaded";
            };

            List<InBackground<String>> callers = IntStream.range(0, CALLERS)
                    .boxed()
                    .flatMap(i ->
                            stocks.stream().map(stock -> InBackground.call(() -> stock.load("tea " + near, body))))
                    .toList();
            awaitAllButTheLeaderOfTheOther(callers);
            gate.open();

            assertThat(callers.stream().map(InBackground::result))
                    .hasSize(2 * CALLERS)
                    .containsOnly("loaded");
            assertThat(stocks.stream().mapToInt(Stock::runs).sum()).isEqualTo(1);
            assertThat(database.number(LEASES)).isZero();
        }
    }

    /** It asks the database again and again. */
    private static void awaitAllButTheLeaderOfTheOther(List<InBackground<String>> callers) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> callers.stream().filter(InBackground::waits).count() >= callers.size() - 1);
    }

    @Test
    void callThatThrows_leavesTheNextOneToTheOtherNode(TestDatabase database) {
        try (WeldNode one = node(database, false);
                WeldNode other = node(database, false)) {
            Gate gate = new Gate();
            InBackground<String> failing =
                    InBackground.call(() -> one.get(Stock.class).load("milk", () -> {
                        gate.passStubbornly();
                        throw new IllegalStateException("on purpose");
                    }));
            gate.awaitReached();

            InBackground<String> second =
                    InBackground.call(() -> other.get(Stock.class).load("milk", () -> "by the other"));
            second.awaitWaiting();
            gate.open();

            assertThat(failing.failure()).hasMessage("on purpose");
            assertThat(second.result()).isEqualTo("by the other");
        }
    }

    @Test
    void keyRemovedWhileItsMethodRuns_isNotWaitedFor(TestDatabase database) {
        try (WeldNode node = node(database, false)) {
            Stock stock = node.get(Stock.class);
            Gate gate = new Gate();
            InBackground<String> early = InBackground.call(() -> stock.load("sugar", () -> {
                gate.passStubbornly();
                return "early";
            }));
            gate.awaitReached();

            assertThat(database.number(LEASES)).isEqualTo(1);
            stock.remove("sugar");
            assertThat(database.number(LEASES)).isZero();
            gate.open();

            assertThat(early.result()).isEqualTo("early");
        }
    }
}
