package io.github.pgqueue.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.HookedDataSource;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What expires soon, or has just expired, is returned at once, and loaded by one in the background. */
@PgQueueTest
class RefreshIT {

    private static final Duration HOUR = Duration.ofHours(1);
    /** Ahead, and stale. */
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private static PgQueueConfig refreshing(PgQueueConfig config) {
        return config.withCache("*", cache -> cache.withRefreshAhead(WINDOW).withStaleWhileRevalidate(WINDOW));
    }

    private static TestNode node(TestDatabase database) {
        return TestNode.on(database, RefreshIT::refreshing);
    }

    /** A cache with the value "old", whose life ends so long from now. */
    private static PgCache withOld(TestNode node, String name, String end) {
        PgCache cache = node.manager().cache(name);
        cache.set("k", "old", HOUR);
        end(node.database(), name, end);
        return cache;
    }

    private static void end(TestDatabase database, String cache, String end) {
        database.execute("UPDATE pg_queue_cache SET expires_at = clock_timestamp() + interval '%s' WHERE cache = '%s'"
                .formatted(end, cache));
    }

    private static String read(PgCache cache, Supplier<String> loader) {
        return cache.getOrSet("k", String.class, HOUR, loader);
    }

    private static void awaitLoaded(TestDatabase database, String cache) {
        database.await("SELECT count(*) FROM pg_queue_cache WHERE cache = 'pg_queue_load:%s'".formatted(cache), 0);
    }

    private static void awaitValue(PgCache cache, String value) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(cache.get("k", String.class)).hasValue(value));
    }

    @ParameterizedTest
    @CsvSource({"5 s, true", "-5 s, false"})
    void getOrSet_aroundTheEnd_returnsAtOnceAndLoadsInTheBackground(String end, boolean live, TestDatabase database) {
        try (TestNode node = node(database)) {
            String name = "around " + live;
            PgCache cache = withOld(node, name, end);
            Gate loading = new Gate();

            String first = read(cache, () -> {
                loading.passStubbornly();
                return "new";
            });
            loading.awaitReached();
            String second = read(cache, () -> "of nobody");

            assertThat(List.of(first, second)).containsOnly("old");
            assertThat(cache.get("k", String.class).isPresent()).isEqualTo(live);
            loading.open();
            awaitValue(cache, "new");
            assertThat(database.text("SELECT expires_at > clock_timestamp() + interval '50 min' FROM pg_queue_cache"
                            + " WHERE cache = '" + name + "'"))
                    .isEqualTo("t");
        }
    }

    @Test
    void getOrSet_early_orWithALifeShorterThanTheWindow_loadsNothing(TestDatabase database) {
        try (TestNode node = node(database)) {
            PgCache early = node.manager().cache("early");
            early.set("k", "old", HOUR);
            PgCache brief = withOld(node, "brief", "5 s");
            PgCache late = withOld(node, "late", "5 s");
            AtomicInteger loads = new AtomicInteger();
            Supplier<String> counting = () -> "load " + loads.incrementAndGet();

            assertThat(read(early, counting)).isEqualTo("old");
            assertThat(brief.getOrSet("k", String.class, WINDOW, counting)).isEqualTo("old");

            assertThat(read(late, () -> "new")).isEqualTo("old");
            awaitValue(late, "new");
            assertThat(loads).hasValue(0);
        }
    }

    @Test
    void getOrSet_longAfterTheEnd_waitsForALoad(TestDatabase database) {
        try (TestNode node = node(database)) {
            PgCache cache = withOld(node, "gone", "-11 min");

            assertThat(read(cache, () -> Thread.currentThread().getName()))
                    .isEqualTo(Thread.currentThread().getName());
        }
    }

    @Test
    void getOrSet_byManyOnTwoNodes_loadsOnceAndKeepsNobodyWaiting(TestDatabase database) {
        try (TestNode one = node(database);
                TestNode other = node(database)) {
            withOld(one, "read by many", "-5 s");
            AtomicInteger loads = new AtomicInteger();
            AtomicInteger reads = new AtomicInteger();
            Gate loading = new Gate();
            List<InBackground<String>> readers = Stream.of(one, other)
                    .map(node -> node.manager().cache("read by many"))
                    .flatMap(cache -> IntStream.range(0, 5)
                            .mapToObj(reader -> InBackground.call(() -> {
                                String value = "old";
                                while (value.equals("old")) {
                                    value = read(cache, () -> {
                                        loading.passStubbornly();
                                        return "load " + loads.incrementAndGet();
                                    });
                                    reads.incrementAndGet();
                                }
                                return value;
                            })))
                    .toList();

            loading.awaitReached();
            int before = reads.get();
            Awaitility.await().until(() -> reads.get() > before + 20);
            loading.open();

            assertThat(readers.stream().map(InBackground::result)).hasSize(10).containsOnly("load 1");
            assertThat(loads).hasValue(1);
        }
    }

    @Test
    void refresh_thatAnotherNodeHasDoneMeanwhile_isNotDoneAgain(TestDatabase database) {
        HookedDataSource source = new HookedDataSource(database.dataSource());
        try (TestNode slow = TestNode.on(database, source, RefreshIT::refreshing);
                TestNode quick = node(database)) {
            PgCache cache = withOld(slow, "done meanwhile", "5 s");
            Gate held = new Gate();
            AtomicInteger statements = new AtomicInteger();
            source.before(() -> {
                if (isRefreshing()) {
                    statements.incrementAndGet();
                    held.passStubbornly();
                }
            });
            AtomicInteger loads = new AtomicInteger();
            assertThat(read(cache, () -> "load " + loads.incrementAndGet())).isEqualTo("old");
            held.awaitReached();

            PgCache elsewhere = quick.manager().cache("done meanwhile");
            assertThat(read(elsewhere, () -> "load " + loads.incrementAndGet())).isEqualTo("old");
            awaitValue(elsewhere, "load 1");
            awaitLoaded(database, "done meanwhile");
            held.open();

            Awaitility.await("the lease, a look, and the release").until(() -> statements.get() == 3);
            awaitLoaded(database, "done meanwhile");
            assertThat(loads).hasValue(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"5 s, changed", "5 s, old", "5 s,", "-5 s, changed", "-5 s,"})
    void change_whileARefreshRuns_stays(String end, @Nullable String change, TestDatabase database) {
        try (TestNode node = node(database);
                TestNode other = node(database)) {
            String name = "changed " + end + change;
            PgCache cache = withOld(node, name, end);
            PgCache elsewhere = other.manager().cache(name);
            Gate loading = new Gate();
            assertThat(read(cache, () -> {
                        loading.passStubbornly();
                        return "loaded";
                    }))
                    .isEqualTo("old");
            loading.awaitReached();

            if (change == null) {
                elsewhere.delete("k");
            } else {
                elsewhere.set("k", change, HOUR);
            }
            loading.open();

            awaitLoaded(database, name);
            assertThat(cache.get("k", String.class).orElse(null)).isEqualTo(change);
        }
    }

    @Test
    void change_thatIsCommittedWhileTheRefreshWaitsForIt_stays(TestDatabase database) throws SQLException {
        try (TestNode node = node(database);
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            PgCache cache = withOld(node, "locked", "5 s");
            connection.setAutoCommit(false);
            statement.execute("UPDATE pg_queue_cache SET value = '\"changed\"' WHERE cache = 'locked'");

            assertThat(read(cache, () -> "loaded")).isEqualTo("old");
            database.await(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND wait_event_type = 'Lock'",
                    1);
            connection.commit();

            awaitLoaded(database, "locked");
            assertThat(cache.get("k", String.class)).hasValue("changed");
        }
    }

    @Test
    void nearCopy_whoseEntryEndsSoon_hasItLoadedToo(TestDatabase database) {
        HookedDataSource source = new HookedDataSource(database.dataSource());
        try (TestNode node = near(database, source)) {
            PgCache cache = node.manager().cache("near");
            awaitCopies(cache, source);
            insertOld(database, "near", "10 min 200 ms");
            AtomicInteger loads = new AtomicInteger();
            Gate loading = new Gate();
            Supplier<String> loader = () -> {
                loads.incrementAndGet();
                loading.passStubbornly();
                return "new";
            };
            assertThat(read(cache, loader)).isEqualTo("old");

            source.before(() -> {
                if (!isRefreshing()) {
                    throw new SQLException("a read of the database, as the test does not want it", "08001");
                }
            });
            Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> {
                assertThat(read(cache, loader)).isEqualTo("old");
                return loads.get() == 1;
            });
            source.allow();
            loading.open();

            awaitValue(cache, "new");
            assertThat(loads).hasValue(1);
        }
    }

    @Test
    void nearCache_neverCopiesWhatHasExpired(TestDatabase database) {
        HookedDataSource source = new HookedDataSource(database.dataSource());
        Gate loading = new Gate();
        try (TestNode node = near(database, source)) {
            PgCache cache = node.manager().cache("near and stale");
            awaitCopies(cache, source);
            insertOld(database, "near and stale", "-5 s");
            assertThat(cache.get("k", String.class)).as("which is remembered").isEmpty();
            AtomicInteger asked = new AtomicInteger();
            source.before(() -> asked.addAndGet(isRefreshing() ? 0 : 1));

            for (int i = 0; i < 3; i++) {
                String value = read(cache, () -> {
                    loading.passStubbornly();
                    return "new";
                });
                assertThat(value).isEqualTo("old");
                assertThat(asked.getAndSet(0)).isPositive();
            }
            loading.open();
        }
    }

    /** Of which no node hears: a notification would end copies of it. */
    private static void insertOld(TestDatabase database, String cache, String end) {
        database.execute("INSERT INTO pg_queue_cache (cache, key, value, expires_at)"
                + " VALUES ('%s', 'k', '\"old\"', clock_timestamp() + interval '%s')".formatted(cache, end));
    }

    private static TestNode near(TestDatabase database, HookedDataSource source) {
        return TestNode.on(
                database,
                source,
                config -> refreshing(config)
                        .withCache(
                                "near*",
                                cache -> cache.withNear(true)
                                        .withNearMaxStaleness(HOUR)
                                        .withNearMissTtl(HOUR)));
    }

    /** Waits until the node listens, and so makes copies of what it reads. */
    private static void awaitCopies(PgCache cache, HookedDataSource source) {
        AtomicInteger asked = new AtomicInteger();
        source.before(asked::incrementAndGet);
        Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> {
            int before = asked.get();
            cache.get("other", String.class);
            return asked.get() == before;
        });
        source.allow();
    }

    private static boolean isRefreshing() {
        return Thread.currentThread().getName().equals("pg-queue cache refresh");
    }

    @Test
    void loader_thatFails_leavesTheOldValueAndIsTriedAgain(TestDatabase database) {
        try (TestNode node = node(database);
                Logged log = Logged.by("io.github.pgqueue.cache")) {
            PgCache cache = withOld(node, "failing", "5 s");
            cache.set("other", "old", WINDOW);
            AtomicInteger loads = new AtomicInteger();
            Supplier<String> failing = () -> {
                loads.incrementAndGet();
                throw new IllegalStateException("on purpose");
            };

            assertThat(read(cache, failing)).isEqualTo("old");
            assertThat(cache.getOrSet("other", String.class, HOUR, failing)).isEqualTo("old");
            Awaitility.await().until(() -> loads.get() == 2);
            awaitLoaded(database, "failing");

            assertThat(cache.get("k", String.class)).hasValue("old");
            assertThat(log.warnings("an entry of cache failing could not be loaded anew"))
                    .singleElement()
                    .asString()
                    .contains("on purpose")
                    .doesNotContain("\n");
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> assertThat(read(cache, () -> "new")).isEqualTo("new"));
            end(database, "failing", "-11 min");
            assertThatThrownBy(() -> read(cache, failing)).hasMessage("on purpose");
        }
    }

    @Test
    void close_whileARefreshRuns_waitsForIt(TestDatabase database) {
        TestNode node = node(database);
        PgCache cache = withOld(node, "closed", "-5 s");
        Gate loading = new Gate();
        assertThat(read(cache, () -> {
                    loading.passStubbornly();
                    return "new";
                }))
                .isEqualTo("old");
        loading.awaitReached();

        InBackground<Boolean> close = InBackground.run(node::close);
        close.awaitWaiting();
        loading.open();
        close.result();

        assertThat(database.text("SELECT convert_from(value, 'UTF8') FROM pg_queue_cache WHERE cache = 'closed'"))
                .isEqualTo("\"new\"");
        end(database, "closed", "-5 s");
        AtomicInteger loads = new AtomicInteger();
        assertThat(read(cache, () -> "load " + loads.incrementAndGet())).isEqualTo("new");
        assertThat(loads).hasValue(0);
    }

    @Test
    void sweep_keepsWhatMayStillBeReturned(TestDatabase database) {
        try (TestNode node = node(database);
                TestNode unaware = TestNode.on(database)) {
            PgCache cache = withOld(node, "kept", "-5 s");
            PgCache other = unaware.manager().cache("kept");

            assertThat(cache.cleanupExpired()).isZero();
            end(database, "kept", "-11 min");
            assertThat(cache.cleanupExpired()).isEqualTo(1);
            withOld(node, "kept", "-5 s");
            assertThat(other.cleanupExpired()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT10M", "PT1S"})
    void ttl_thatIsNotLongerThanRefreshAhead_isRefused(Duration ttl, TestDatabase database) {
        try (TestNode node = TestNode.on(
                database, config -> refreshing(config).withCache("brief", cache -> cache.withTimeToLive(ttl)))) {
            assertThatThrownBy(() -> node.manager().cache("brief"))
                    .isInstanceOfSatisfying(
                            ConfigurationException.class,
                            e -> assertThat(e.code()).isEqualTo("PGQ7010"))
                    .hasMessageContaining("refresh-ahead of cache 'brief' is PT10M")
                    .hasMessageContaining(ttl.toString());
        }
    }
}
