package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers anywhere in the cluster that miss the same key share one load, and nobody waits for a dead one. */
@PgQueueTest
class SharedLoadsIT {

    private static final int CALLERS = 100;
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void getOrSet_by200CallersOn2Nodes_loadsOnce(TestDatabase database) {
        try (TestNode one = TestNode.on(database);
                TestNode other = TestNode.on(database)) {
            AtomicInteger loads = new AtomicInteger();
            Gate loading = new Gate();
            List<InBackground<String>> callers = stampede(Stream.of(one, other)
                    .map(node -> node.manager().cache("stampede"))
                    .<Supplier<String>>map(cache -> () -> cache.getOrSet("k", String.class, HOUR, () -> {
                        loading.passStubbornly();
                        return "load " + loads.incrementAndGet();
                    }))
                    .toList());

            awaitAllButTheLeaders(callers);
            loading.open();

            assertThat(callers.stream().map(InBackground::result))
                    .hasSize(2 * CALLERS)
                    .containsOnly("load 1");
            assertThat(loads).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readThrough_by200CallersOn2Nodes_loadsOnce(boolean near, TestDatabase database) {
        Gate loading = CountingLoader.begin();
        String name = "read through " + near;
        try (JCacheNode one = node(database, near);
                JCacheNode other = node(database, near)) {
            List<InBackground<String>> callers = stampede(Stream.of(one, other)
                    .map(node -> node.cache(name, readThrough()))
                    .<Supplier<String>>map(cache -> () -> cache.get("k"))
                    .toList());

            awaitAllButTheLeaders(callers);
            loading.open();

            assertThat(callers.stream().map(InBackground::result))
                    .hasSize(2 * CALLERS)
                    .containsOnly("load 1 of k");
            assertThat(CountingLoader.LOADS).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void getAll_by200CallersOn2Nodes_loadsEachKeyOnce(boolean near, TestDatabase database) {
        Gate loading = CountingLoader.begin();
        String name = "get all " + near;
        try (JCacheNode one = node(database, near);
                JCacheNode other = node(database, near)) {
            Cache<String, String> first = one.cache(name, readThrough());
            Cache<String, String> second = other.cache(name, readThrough());
            InBackground<Map<String, String>> early = InBackground.call(() -> first.getAll(Set.of("a", "b")));
            loading.awaitReached();
            List<InBackground<String>> callers = stampede(Stream.of(first, second)
                    .<Supplier<String>>map(
                            cache -> () -> cache.getAll(Set.of("b", "c")).get("b"))
                    .toList());

            awaitAllButTheLeaders(callers);
            loading.open();

            assertThat(early.result()).containsOnlyKeys("a", "b");
            assertThat(callers.stream().map(InBackground::result))
                    .hasSize(2 * CALLERS)
                    .containsOnly(early.result().get("b"));
            assertThat(CountingLoader.LOADS).as("loads of a, b and c").hasValue(3);
            assertThat(first.getAll(Set.of("a", "b", "c"))).isEqualTo(second.getAll(Set.of("a", "b", "c")));
            assertThat(database.number("SELECT count(*) FROM pg_queue_cache WHERE cache LIKE 'pg_queue_load:%'"))
                    .isZero();
        }
    }

    @Test
    void loadAll_whileAnotherNodeLoads_loadsTheRestAndWaits(TestDatabase database) {
        Gate loading = CountingLoader.begin();
        try (JCacheNode one = node(database, false);
                JCacheNode other = node(database, false)) {
            Cache<String, String> first = one.cache("load all", readThrough());
            Cache<String, String> second = other.cache("load all", readThrough());
            InBackground<String> early = InBackground.call(() -> first.get("b"));
            loading.awaitReached();
            CompletionListenerFuture done = new CompletionListenerFuture();

            second.loadAll(Set.of("b", "c"), /* replaceExistingValues= */ false, done);
            Awaitility.await()
                    .until(() -> database.number(
                                    "SELECT count(*) FROM pg_queue_cache WHERE cache = 'pg_queue_load:load all'")
                            == 2);
            loading.open();

            InBackground.call(done::get).result();
            assertThat(second.containsKey("c")).isTrue();
            assertThat(second.get("b")).isEqualTo(early.result());
            assertThat(CountingLoader.LOADS).as("loads of b and c").hasValue(2);
        }
    }

    private static JCacheNode node(TestDatabase database, boolean near) {
        var properties = JCacheNode.properties(database);
        properties.setProperty("caches.*.near", String.valueOf(near));
        return JCacheNode.with(properties);
    }

    private static MutableConfiguration<String, String> readThrough() {
        Factory<CacheLoader<String, String>> loader = CountingLoader::new;
        return new MutableConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .setReadThrough(true)
                .setCacheLoaderFactory(loader);
    }

    private static List<InBackground<String>> stampede(List<Supplier<String>> nodes) {
        return IntStream.range(0, CALLERS)
                .boxed()
                .flatMap(i -> nodes.stream().map(call -> InBackground.call(call::get)))
                .toList();
    }

    /** The leader of a node that does not load asks the database again and again. */
    private static void awaitAllButTheLeaders(List<InBackground<String>> callers) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> callers.stream().filter(InBackground::waits).count() >= callers.size() - 1);
    }

    @Test
    void getOrSet_loaderOfAnotherNodeHasDied_loadsWhenItsLeaseHasEnded(TestDatabase database) {
        try (TestNode node = TestNode.on(database)) {
            PgCache cache = node.manager().cache("orphaned");
            database.execute(
                    "INSERT INTO pg_queue_cache (cache, key, value, expires_at)"
                            + " VALUES ('pg_queue_load:orphaned', convert_to(E'k\njava.lang.String', 'UTF8'), 'dead', clock_timestamp() + interval '1 s')");

            String loaded = cache.getOrSet(
                    "k",
                    String.class,
                    HOUR,
                    () -> database.text("SELECT count(*) FILTER (WHERE value = 'dead') FROM pg_queue_cache"
                            + " WHERE cache = 'pg_queue_load:orphaned'"));

            assertThat(loaded).as("leases of the dead one while we load").isEqualTo("0");
            assertThat(database.number("SELECT count(*) FROM pg_queue_cache WHERE cache LIKE 'pg_queue_load:%'"))
                    .isZero();
        }
    }

    @Test
    void getOrSet_loaderOfAnotherNodeFails_loads(TestDatabase database) {
        try (TestNode one = TestNode.on(database);
                TestNode other = TestNode.on(database)) {
            Gate loading = new Gate();
            InBackground<String> failing =
                    InBackground.call(() -> one.manager().cache("failing").getOrSet("k", String.class, HOUR, () -> {
                        loading.passStubbornly();
                        throw new IllegalStateException("on purpose");
                    }));
            loading.awaitReached();

            InBackground<String> second = InBackground.call(() ->
                    other.manager().cache("failing").getOrSet("k", String.class, HOUR, () -> "loaded by the other"));
            second.awaitWaiting();
            loading.open();

            assertThat(failing.failure()).hasMessage("on purpose");
            assertThat(second.result()).isEqualTo("loaded by the other");
        }
    }

    @Test
    void getOrSet_twoLoadersThatNeedEachOthersKey_doNotWaitInACircle(TestDatabase database) {
        try (TestNode node = TestNode.on(database)) {
            PgCache cache = node.manager().cache("circle");
            CountDownLatch both = new CountDownLatch(2);
            Map<String, String> needs = Map.of("a", "b", "b", "a");

            List<InBackground<String>> loaders = needs.entrySet().stream()
                    .map(needed -> InBackground.call(() -> cache.getOrSet(needed.getKey(), String.class, HOUR, () -> {
                        both.countDown();
                        Gate.await(both, "the other does not load");
                        return cache.getOrSet(needed.getValue(), String.class, HOUR, () -> "inner");
                    })))
                    .toList();

            assertThat(loaders.stream().map(InBackground::result)).hasSize(2).contains("inner");
        }
    }

    /** Counts its loads, and waits for the test. */
    private static final class CountingLoader implements CacheLoader<String, String> {

        private static final AtomicInteger LOADS = new AtomicInteger();
        private static volatile Gate loading = new Gate();

        /** Counts from nothing; loads wait at the gate that is returned. */
        static Gate begin() {
            LOADS.set(0);
            loading = new Gate();
            return loading;
        }

        @Override
        public String load(String key) {
            loading.passStubbornly();
            return "load " + LOADS.incrementAndGet() + " of " + key;
        }

        @Override
        public Map<String, String> loadAll(Iterable<? extends String> keys) {
            Map<String, String> loaded = new HashMap<>();
            keys.forEach(key -> loaded.put(key, load(key)));
            return loaded;
        }
    }
}
