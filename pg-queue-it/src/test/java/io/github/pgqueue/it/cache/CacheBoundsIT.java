package io.github.pgqueue.it.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bounded cache loses what expires first, or else what was written first. */
@PgQueueTest
class CacheBoundsIT {

    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration NEVER = Duration.ofDays(1);
    private static final String KEYS =
            "SELECT string_agg(convert_from(key, 'UTF8'), ' ' ORDER BY key) FROM pg_queue_cache WHERE cache = 'bounded'";

    @BeforeEach
    void empty(TestDatabase database) {
        database.execute("TRUNCATE pg_queue_cache");
    }

    @Test
    void maxEntries_evictsWhatExpiresFirst(TestDatabase database) {
        try (TestNode node = started(database, SOON, cache -> cache.withMaxEntries(3L))) {
            PgCache cache = node.manager().cache("bounded");
            List.of(3, 1, 5, 2, 4).forEach(hours -> cache.set("k" + hours, hours, Duration.ofHours(hours)));

            database.await(KEYS, "k3 k4 k5");
        }
    }

    @Test
    void maxEntries_ofEntriesThatNeverExpire_evictsWhatWasWrittenFirst(TestDatabase database) {
        try (TestNode node = started(database, SOON, cache -> cache.withMaxEntries(3L))) {
            PgCache cache = node.manager().cache("bounded");
            cache.set("k1", 1);
            cache.set("k2", 2);
            cache.set("k3", 3);
            cache.set("k1", "rewritten");

            cache.set("k4", 4);

            database.await(KEYS, "k1 k3 k4");
        }
    }

    @Test
    void maxBytes_evictsUntilTheRestFits(TestDatabase database) {
        try (TestNode node = started(database, SOON, cache -> cache.withMaxBytes(25_000L))) {
            PgCache cache = node.manager().cache("bounded");
            IntStream.rangeClosed(1, 5).forEach(i -> cache.set("k" + i, "x".repeat(10_000), Duration.ofHours(i)));

            database.await(KEYS, "k4 k5");
        }
    }

    @Test
    void bound_isExceededByTenEntriesAtMost_longBeforeTheHousekeeping(TestDatabase database) {
        try (TestNode node = started(database, NEVER, cache -> cache.withMaxEntries(50L))) {
            PgCache cache = node.manager().cache("bounded");
            IntStream.range(0, 200).forEach(i -> cache.set("k" + i, i));

            Awaitility.await().untilAsserted(() -> assertThat(rows(database)).isBetween(50L, 60L));
            assertThat(cache.get("k199", Integer.class)).hasValue(199);
        }
    }

    @Test
    void moreThanOneLookFinds_isAllEvicted(TestDatabase database) {
        database.execute("INSERT INTO pg_queue_cache (cache, key, value, expires_at)"
                + " SELECT 'bounded', i::text::bytea, '1', now() + i * interval '1 minute'"
                + " FROM generate_series(1, 12000) AS i");
        try (TestNode node = started(database, SOON, cache -> cache.withMaxEntries(2L))) {
            assertThat(node.manager().cache("bounded").name()).isEqualTo("bounded");

            database.await(KEYS, "11999 12000");
        }
    }

    @Test
    void entryThatIsBeingWritten_isLeftAlone(TestDatabase database) throws SQLException {
        try (TestNode node = started(database, SOON, cache -> cache.withMaxEntries(1L));
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            database.execute(
                    "INSERT INTO pg_queue_cache (cache, key, value, expires_at)"
                            + " SELECT 'bounded', ('k' || i)::bytea, '1', now() + i * interval '1 hour' FROM generate_series(1, 3) AS i");
            statement.execute("UPDATE pg_queue_cache SET expires_at = now() + interval '9 hours' WHERE key = 'k1'");

            PgCache cache = node.manager().cache("bounded");
            database.await("SELECT count(*) FROM pg_queue_cache WHERE key = 'k2'", 0);
            connection.commit();

            database.await(KEYS, "k1");
            assertThat(cache.get("k1", Integer.class)).hasValue(1);
        }
    }

    @Test
    void otherCaches_areNotTouched(TestDatabase database) {
        try (TestNode node = started(database, SOON, cache -> cache.withMaxEntries(1L))) {
            PgCache other = node.manager().cache("other");
            PgCache cache = node.manager().cache("bounded");
            IntStream.range(0, 20).forEach(i -> other.set("k" + i, i));
            cache.set("k1", 1, Duration.ofHours(1));
            cache.set("k2", 2, Duration.ofHours(2));

            database.await(KEYS, "k2");

            assertThat(database.number("SELECT count(*) FROM pg_queue_cache WHERE cache = 'other'"))
                    .isEqualTo(20);
        }
    }

    @Test
    void evictions_amongWriters_neverDeadlock(TestDatabase database) {
        try (TestNode node = started(database, SOON, cache -> cache.withMaxEntries(20L));
                TestNode second = started(database, SOON, cache -> cache.withMaxEntries(20L))) {
            List<InBackground<Boolean>> writers = IntStream.range(0, 4)
                    .mapToObj(writer -> InBackground.run(() -> {
                        PgCache cache =
                                (writer % 2 == 0 ? node : second).manager().cache("bounded");
                        for (int i = 0; i < 60; i++) {
                            String key = "k" + (writer < 2 ? i : 59 - i) % 40;
                            cache.set(key, i, Duration.ofMinutes(1 + i % 7));
                            if (i % 11 == 0) {
                                cache.delete(key);
                            }
                        }
                    }))
                    .toList();

            assertThat(writers).allSatisfy(writer -> assertThat(writer.result()).isTrue());
            Awaitility.await().until(() -> rows(database) <= 20);
        }
    }

    private static TestNode started(TestDatabase database, Duration housekeeping, UnaryOperator<CacheConfig> bounds) {
        TestNode node = TestNode.on(
                database,
                config -> config.withHousekeepingInterval(housekeeping).withCache("bounded", bounds));
        node.manager().start();
        return node;
    }

    private static long rows(TestDatabase database) {
        return database.number("SELECT count(*) FROM pg_queue_cache WHERE cache = 'bounded'");
    }
}
