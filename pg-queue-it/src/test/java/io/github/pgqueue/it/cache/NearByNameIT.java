package io.github.pgqueue.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.HookedDataSource;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A cache that is used by its name is near where configuration says so, also if it is bounded or fail-open. */
@PgQueueTest
class NearByNameIT {

    private static final Duration HOUR = Duration.ofHours(1);

    /** A node, and its cache of that name, whose database can be taken away; what listens keeps its connection. */
    private record Near(TestNode node, HookedDataSource source, PgCache cache) implements AutoCloseable {

        static Near of(TestDatabase database, String name, UnaryOperator<CacheConfig> more) {
            HookedDataSource source = new HookedDataSource(database.dataSource());
            TestNode node = TestNode.on(
                    database,
                    source,
                    config -> config.withHousekeepingInterval(Duration.ofMillis(100))
                            .withCache("near*", cache -> cache.withNear(true).withNearMaxStaleness(HOUR))
                            .withCache(name, more));
            return new Near(node, source, node.manager().cache(name));
        }

        /** Makes a copy. */
        void awaitCopy(String key) {
            Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> {
                cache.get(key, String.class);
                return holds(key);
            });
        }

        boolean holds(String key) {
            boolean[] asked = {false};
            source.before(() -> asked[0] = true);
            cache.get(key, String.class);
            source.allow();
            return !asked[0];
        }

        @Override
        public void close() {
            node.close();
        }
    }

    @Test
    void get_again_needsNoDatabase(TestDatabase database) {
        try (Near near = Near.of(database, "near", cache -> cache)) {
            near.cache().set("k", "v", HOUR);
            near.awaitCopy("k");

            near.source().refuse();

            assertThat(near.cache().get("k", String.class)).hasValue("v");
            assertThatThrownBy(() -> near.cache().get("other", String.class)).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void change_isToldToOtherNodes(TestDatabase database) {
        try (Near here = Near.of(database, "near told", cache -> cache);
                Near there = Near.of(database, "near told", cache -> cache)) {
            here.cache().set("k", "old", HOUR);
            there.awaitCopy("k");

            here.cache().set("k", "new", HOUR);

            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(there.cache().get("k", String.class)).hasValue("new"));
        }
    }

    @Test
    void eviction_isToldToOtherNodes(TestDatabase database) {
        String count = "SELECT count(*) FROM pg_queue_cache WHERE cache = 'near bounded'";
        try (Near here = Near.of(database, "near bounded", cache -> cache.withMaxEntries(3L));
                Near there = Near.of(database, "near bounded", cache -> cache)) {
            here.cache().set("first", "v", HOUR);
            here.cache().set("last", "v", Duration.ofHours(3));
            here.awaitCopy("first");
            there.awaitCopy("first");
            there.awaitCopy("last");
            IntStream.range(0, 5).forEach(i -> here.cache().set("k" + i, "v", Duration.ofHours(2)));
            assertThat(there.holds("first")).isTrue();

            here.node().manager().start();

            database.await(count, 3);
            assertThat(here.cache().get("first", String.class)).isEmpty();
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(there.cache().get("first", String.class)).isEmpty());
            assertThat(there.holds("last")).isTrue();
        }
    }

    @Test
    void failOpen_usesACopyUntilItIsTooOld(TestDatabase database) {
        try (Near near = Near.of(
                database,
                "near briefly",
                cache -> cache.withFailOpen(true).withNearMaxStaleness(Duration.ofMillis(300)))) {
            near.cache().set("k", "v", HOUR);
            near.awaitCopy("k");

            near.source().refuse();

            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(near.cache().get("k", String.class)).isEmpty());
            near.source().allow();
            assertThat(near.cache().get("k", String.class)).hasValue("v");
        }
    }

    @Test
    void failOpen_aCopyThatIsRead_isNoSignThatTheDatabaseWorks(TestDatabase database) {
        try (Near near = Near.of(database, "near failing", cache -> cache.withFailOpen(true));
                Logged log = Logged.by("io.github.pgqueue.cache")) {
            near.cache().set("k", "v", HOUR);
            near.awaitCopy("k");

            near.source().refuse();
            assertThat(near.cache().get("other", String.class)).isEmpty();
            assertThat(near.cache().get("k", String.class)).hasValue("v");
            assertThat(near.cache().getOrSet("other", String.class, () -> "loaded"))
                    .isEqualTo("loaded");

            assertThat(log.warnings("the cache near failing failed")).hasSize(1);
            assertThat(log.messages()).doesNotContain("the cache near failing works again");
            near.source().allow();
            assertThat(near.cache().get("other", String.class)).isEmpty();
            assertThat(log.messages()).contains("the cache near failing works again");
        }
    }
}
