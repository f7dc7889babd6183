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
import org.junit.jupiter.api.Test;

/** What configuration says of a cache by its name counts for those that are used by name. */
@PgQueueTest
class CacheSettingsIT {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final String MINUTES =
            "SELECT ceil(extract(epoch FROM expires_at - now()) / 60) FROM pg_queue_cache WHERE cache = 'settled'";

    @Test
    void set_withoutADuration_livesAsLongAsTheCacheIsConfigured(TestDatabase database) {
        try (TestNode node = with(database, cache -> cache.withTimeToLive(Duration.ofMinutes(7)))) {
            PgCache cache = node.manager().cache("settled");

            cache.set("k", 1);
            assertThat(database.number(MINUTES)).isEqualTo(7);
            cache.set("k", 1, HOUR);
            assertThat(database.number(MINUTES)).isEqualTo(60);
            cache.delete("k");
            assertThat(cache.getOrSet("k", Integer.class, () -> 2)).isEqualTo(2);
            assertThat(database.number(MINUTES)).isEqualTo(7);
            cache.clear();
        }
    }

    @Test
    void set_withoutADurationAndConfiguration_livesForEver(TestNode node) {
        PgCache cache = node.manager().cache("for ever");

        cache.set("k", 1);

        assertThat(node.database().text("SELECT expires_at FROM pg_queue_cache WHERE cache = 'for ever'"))
                .isEqualTo("infinity");
        assertThat(cache.get("k", Integer.class)).hasValue(1);
    }

    @Test
    void durable_isInTheLoggedTable(TestDatabase database) {
        try (TestNode node = with(database, cache -> cache.withDurable(true))) {
            node.manager().cache("settled").set("k", 1, HOUR);

            assertThat(database.number("SELECT count(*) FROM pg_queue_cache_durable WHERE cache = 'settled'"))
                    .isEqualTo(1);
            assertThat(node.manager().cache("settled").get("k", Integer.class)).hasValue(1);
        }
    }

    @Test
    void read_thatFails_isAMissOfACacheThatIsFailOpen(TestDatabase database) {
        HookedDataSource source = new HookedDataSource(database.dataSource());
        try (TestNode node = TestNode.on(
                        database, source, config -> config.withCache("open", cache -> cache.withFailOpen(true)));
                Logged log = Logged.by("io.github.pgqueue.cache")) {
            PgCache open = node.manager().cache("open");
            PgCache other = node.manager().cache("not open");
            open.set("k", "v", HOUR);

            source.refuse();

            assertThat(open.get("k", String.class)).isEmpty();
            assertThat(open.getOrSet("k", String.class, HOUR, () -> "loaded")).isEqualTo("loaded");
            assertThatThrownBy(() -> open.set("k", "new", HOUR)).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> open.delete("k")).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> other.get("k", String.class)).isInstanceOf(StorageException.class);
            source.allow();
            assertThat(open.get("k", String.class)).hasValue("v");
            assertThat(log.warnings("the cache open failed")).hasSize(1);
            assertThat(log.messages()).contains("the cache open works again");
        }
    }

    private static TestNode with(TestDatabase database, UnaryOperator<CacheConfig> settings) {
        return TestNode.on(database, config -> config.withCache("settled", settings));
    }
}
