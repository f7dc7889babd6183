package io.github.pgqueue.it.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What has expired is removed, without waiting for anybody. */
@PgQueueTest
class CacheSweepIT {

    private static final Duration HOUR = Duration.ofHours(1);

    @BeforeEach
    void empty(TestDatabase database) {
        database.execute("TRUNCATE pg_queue_cache");
    }

    @Test
    void cleanupExpired_removesWhatHasExpiredFromThisCacheOnly(TestNode node) {
        PgCache cache = node.manager().cache("swept");
        cache.set("expired", 1, Instant.EPOCH);
        cache.set("also expired", 2, Instant.EPOCH);
        cache.set("live", 3, HOUR);
        node.manager().cache("other").set("expired", 4, Instant.EPOCH);

        long removed = cache.cleanupExpired();

        assertThat(removed).isEqualTo(2);
        assertThat(cache.get("live", Integer.class)).hasValue(3);
        assertThat(rows(node.database())).isEqualTo(2);
        assertThat(cache.cleanupExpired()).isZero();
    }

    @Test
    void cleanupExpired_moreThanOneStatementRemoves_removesAll(TestNode node) {
        node.database()
                .execute("INSERT INTO pg_queue_cache (cache, key, value, expires_at)"
                        + " SELECT 'many', i::text::bytea, '1', now() FROM generate_series(1, 20000) AS i");

        long removed = node.manager().cache("many").cleanupExpired();

        assertThat(removed).isEqualTo(20_000);
        assertThat(rows(node.database())).isZero();
    }

    @Test
    void cleanupExpired_rowThatIsBeingWritten_isLeftAlone(TestNode node) throws SQLException {
        PgCache cache = node.manager().cache("written");
        cache.set("written", 1, Instant.EPOCH);
        cache.set("expired", 2, Instant.EPOCH);
        try (Connection connection = node.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE pg_queue_cache SET expires_at = now() + interval '1 hour'"
                    + " WHERE key = 'written'::bytea");

            long removed = InBackground.call(cache::cleanupExpired).result();
            connection.commit();

            assertThat(removed).isEqualTo(1);
            assertThat(cache.get("written", Integer.class)).hasValue(1);
        }
    }

    @Test
    void housekeeping_sweepsEveryCache(TestDatabase database) {
        try (TestNode node = TestNode.on(database, config -> config.withHousekeepingInterval(Duration.ofMillis(100)))) {
            node.manager().cache("one").set("expired", 1, Instant.EPOCH);
            node.manager().cache("other").set("expired", 2, Instant.EPOCH);
            node.manager().cache("other").set("live", 3, HOUR);

            node.manager().start();

            Awaitility.await().until(() -> rows(database) == 1);
            assertThat(node.manager().cache("other").get("live", Integer.class)).hasValue(3);
        }
    }

    @Test
    void sweep_amongWriters_neverDeadlocks(TestNode node) {
        PgCache cache = node.manager().cache("busy");
        List<InBackground<Boolean>> writers = IntStream.range(0, 4)
                .mapToObj(writer -> InBackground.run(() -> {
                    for (int i = 0; i < 50; i++) {
                        // In opposite directions over the same keys, now expired, now live.
                        String key = "k" + (writer % 2 == 0 ? i % 10 : 9 - i % 10);
                        cache.set(key, i, i % 2 == 0 ? Instant.EPOCH : Instant.parse("2099-01-01T00:00:00Z"));
                        if (i % 7 == 0) {
                            cache.delete(key);
                        }
                    }
                }))
                .toList();
        List<InBackground<Boolean>> sweepers = IntStream.range(0, 2)
                .mapToObj(sweeper -> InBackground.run(() -> {
                    while (!writers.stream().allMatch(InBackground::ended)) {
                        cache.cleanupExpired();
                        if (sweeper == 0) {
                            cache.clear();
                        }
                    }
                }))
                .toList();

        assertThat(writers).allSatisfy(writer -> assertThat(writer.result()).isTrue());
        assertThat(sweepers).allSatisfy(sweeper -> assertThat(sweeper.result()).isTrue());
    }

    @Test
    void sweep_ofManyExpiredEntries_amongWritersOfTheSameKeys_neverDeadlocks(TestNode node) {
        node.database()
                .execute("INSERT INTO pg_queue_cache (cache, key, value, expires_at)"
                        + " SELECT 'crowded', i::text::bytea, '1', now() FROM generate_series(0, 19999) AS i");
        PgCache cache = node.manager().cache("crowded");
        InBackground<Boolean> sweeper = InBackground.run(() -> {
            while (cache.cleanupExpired() > 0) {
                Thread.onSpinWait();
            }
        });
        List<InBackground<Boolean>> writers = IntStream.range(0, 3)
                .mapToObj(writer -> InBackground.run(() -> IntStream.range(0, 400)
                        .map(i -> writer % 2 == 0 ? i : 399 - i)
                        .forEach(i -> cache.set(Integer.toString(i * 50), i, HOUR))))
                .toList();

        assertThat(writers).allSatisfy(writer -> assertThat(writer.result()).isTrue());
        assertThat(sweeper.result()).isTrue();
        cache.cleanupExpired();
        assertThat(rows(node.database()))
                .as("what was written, and nothing else")
                .isEqualTo(400);
    }

    @Test
    void sweep_amongWriters_keepsEveryLiveValue(TestNode node) {
        PgCache cache = node.manager().cache("live");
        InBackground<Boolean> writer = InBackground.run(() -> {
            for (int i = 0; i < 60; i++) {
                String key = "k" + i % 5;
                cache.set(key, "expired", Instant.EPOCH);
                cache.set(key, "live " + i, HOUR);
                assertThat(cache.get(key, String.class)).hasValue("live " + i);
            }
        });
        InBackground<Boolean> sweeper = InBackground.run(() -> {
            while (!writer.ended()) {
                cache.cleanupExpired();
            }
        });

        assertThat(writer.result()).isTrue();
        assertThat(sweeper.result()).isTrue();
    }

    private static long rows(TestDatabase database) {
        return database.number("SELECT count(*) FROM pg_queue_cache");
    }
}
