package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.it.support.HookedDataSource;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jcache.annotation.CacheFailures;
import io.github.pgqueue.shop.database.EmbeddedServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The server is stopped immediately while two nodes with near caches are busy: callers see misses, and nothing old. */
class CrashUnderLoadIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int THREADS = 3;
    private static final int POOL_SIZE = 20;

    /** For as long a pool of Agroal waits when the server refuses its connections. */
    private static final Duration POOL_PATIENCE = Duration.ofMillis(100);

    private static final String NEAR_ONLY = "near only";
    private static final String STORED = "stored";

    private volatile boolean stopped;

    /** A node that knows how often it asked for a connection. */
    private static final class Node implements AutoCloseable {

        private final AtomicInteger asked = new AtomicInteger();
        private final AgroalDataSource pool;
        private final WeldNode weld;
        private final Stock stock;

        Node(EmbeddedServer server) {
            pool = NarayanaPool.LOCAL.open(server.database(), POOL_SIZE, POOL_PATIENCE);
            HookedDataSource counted = new HookedDataSource(pool);
            counted.before(asked::incrementAndGet);
            weld = WeldNode.builder()
                    .dataSource(counted)
                    .beans(Stock.class)
                    .config("pg-queue.schema-management", "migrate")
                    .config("pg-queue.caches.*.near", "true")
                    .config("pg-queue.caches.*.near-max-staleness", "PT1H")
                    .start();
            stock = weld.get(Stock.class);
        }

        String read(String item, String value) {
            try {
                return stock.load(item, () -> value);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        void awaitCopy(String item, String value) {
            await().atMost(PATIENCE).until(() -> {
                int before = asked.get();
                return read(item, value).equals(value) && asked.get() == before;
            });
        }

        @Override
        public void close() {
            weld.close();
            pool.close();
        }
    }

    /** Changes an item of its own again and again, which it must never see as it was before. */
    private final class Caller {

        private final Node node;
        private final String item;
        private final AtomicInteger calls = new AtomicInteger();

        Caller(Node node, String item) {
            this.node = node;
            this.item = item;
        }

        int callUntilStopped() {
            while (!stopped) {
                String written = "" + calls.incrementAndGet();
                node.stock.set(item, written);
                for (int i = 0; i < 3; i++) {
                    assertThat(node.read(item, written)).isEqualTo(written);
                    calls.incrementAndGet();
                }
            }
            return calls.get();
        }
    }

    /** Waits until each has ended a call that began after this. */
    private static void awaitProgress(List<Caller> callers) {
        List<Integer> before =
                callers.stream().map(caller -> caller.calls.get()).toList();
        await().atMost(PATIENCE)
                .until(() -> IntStream.range(0, callers.size())
                        .allMatch(i -> callers.get(i).calls.get() > before.get(i) + 2));
    }

    @Test
    void immediateStop_isMissesForCallers_andEmptiesNearCaches() throws Exception {
        assumeTrue(
                System.getProperty("pg", "embedded").equals("embedded"), "only an embedded server can be stopped so");
        try (EmbeddedServer server = EmbeddedServer.start();
                Node here = new Node(server);
                Node there = new Node(server)) {
            for (Node node : List.of(here, there)) {
                node.awaitCopy(NEAR_ONLY, "before");
            }
            emptyTable(server);
            here.read(STORED, "before");
            List<Caller> callers = IntStream.range(0, THREADS)
                    .boxed()
                    .flatMap(i -> Stream.of(new Caller(here, "here " + i), new Caller(there, "there " + i)))
                    .toList();
            List<InBackground<Integer>> running = callers.stream()
                    .map(caller -> InBackground.call(caller::callUntilStopped))
                    .toList();
            awaitProgress(callers);
            assertThat(there.read(NEAR_ONLY, "called")).isEqualTo("before");

            server.stopImmediately();
            awaitProgress(callers);
            for (Node node : List.of(here, there)) {
                assertThat(node.weld.get(CacheFailures.class).count("stock")).isPositive();
            }
            server.restart();

            for (Node node : List.of(here, there)) {
                node.weld.probe().await("listening ", 2);
                assertThat(node.read(NEAR_ONLY, "after")).isEqualTo("after");
                assertThat(node.read(STORED, "after")).isEqualTo("after");
            }
            awaitProgress(callers);
            stopped = true;
            assertThat(running).allSatisfy(caller -> assertThat(caller.result()).isPositive());
            here.awaitCopy(NEAR_ONLY, "after");
        }
    }

    private static void emptyTable(EmbeddedServer server) throws SQLException {
        try (Connection connection = server.database().dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE pg_queue_cache");
        }
    }
}
