package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.jcache.PostgresCacheStatisticsMXBean;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads through a cache return what expires soon, or has just expired, and have it loaded in the background. */
@PgQueueTest
class RefreshingIT {

    private static Properties properties(TestDatabase database) {
        Properties properties = JCacheNode.properties(database);
        properties.setProperty("caches.*.refresh-ahead", "PT10M");
        properties.setProperty("caches.*.stale-while-revalidate", "PT10M");
        return properties;
    }

    private static MutableConfiguration<String, String> reading(GatedLoader loader) {
        return new MutableConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(Duration.ONE_HOUR))
                .setStatisticsEnabled(true)
                .setReadThrough(true)
                .setCacheLoaderFactory(() -> loader);
    }

    private static void end(TestDatabase database, String cache, String end) {
        database.execute("UPDATE pg_queue_cache SET expires_at = clock_timestamp() + interval '%s' WHERE cache = '%s'"
                .formatted(end, cache));
    }

    private static void awaitLoaded(TestDatabase database, String cache) {
        database.await("SELECT count(*) FROM pg_queue_cache WHERE cache = 'pg_queue_load:%s'".formatted(cache), 0);
    }

    @ParameterizedTest
    @CsvSource({"5 s, true", "-5 s, false"})
    void get_aroundTheEnd_returnsAtOnceAndLoadsInTheBackground(String end, boolean live, TestDatabase database) {
        GatedLoader loader = new GatedLoader("new");
        String name = "around " + live;
        try (JCacheNode node = JCacheNode.with(properties(database))) {
            Cache<String, String> cache = node.cache(name, reading(loader));
            cache.put("k", "old");
            end(database, name, end);

            String value = cache.get("k");
            loader.gate().awaitReached();

            assertThat(value).isEqualTo("old");
            assertThat(cache.containsKey("k")).isEqualTo(live);
            assertThat(cache.iterator().hasNext()).isEqualTo(live);
            loader.gate().open();
            Awaitility.await().untilAsserted(() -> assertThat(cache.get("k")).isEqualTo("new"));
            assertThat(loader.loads()).hasValue(1);
            assertThat(cache.unwrap(PostgresCacheStatisticsMXBean.class).getCacheMisses())
                    .isZero();
        }
    }

    @Test
    void getAll_someAroundTheEnd_loadsTheMissingAndThoseInTheBackground(TestDatabase database) {
        GatedLoader loader = new GatedLoader("new");
        loader.gate().open();
        try (JCacheNode node = JCacheNode.with(properties(database))) {
            Cache<String, String> cache = node.cache("several", reading(loader));
            cache.putAll(Map.of("soon", "old", "just", "old"));
            database.execute("UPDATE pg_queue_cache SET expires_at = clock_timestamp()"
                    + " + CASE WHEN key = 'soon' THEN interval '5 s' ELSE interval '-5 s' END WHERE cache = 'several'");
            cache.put("early", "old");

            Map<String, String> values = cache.getAll(Set.of("soon", "just", "early", "missing"));

            assertThat(values).isEqualTo(Map.of("soon", "old", "just", "old", "early", "old", "missing", "new"));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(cache.getAll(Set.of("soon", "just")))
                            .isEqualTo(Map.of("soon", "new", "just", "new")));
            assertThat(cache.get("early")).isEqualTo("old");
            assertThat(loader.loads()).hasValue(3);
        }
    }

    @Test
    void putIfAbsent_ofWhatHasJustExpired_putsAndWins(TestDatabase database) {
        GatedLoader loader = new GatedLoader("new");
        try (JCacheNode node = JCacheNode.with(properties(database))) {
            Cache<String, String> cache = node.cache("put", reading(loader));
            cache.put("k", "old");
            end(database, "put", "-5 s");
            assertThat(cache.get("k")).isEqualTo("old");
            loader.gate().awaitReached();

            boolean put = cache.putIfAbsent("k", "put");
            loader.gate().open();

            awaitLoaded(database, "put");
            assertThat(put).isTrue();
            assertThat(cache.get("k")).isEqualTo("put");
        }
    }

    @Test
    void loader_thatFindsNothingAnyMore_removesTheEntry(TestDatabase database) {
        GatedLoader loader = new GatedLoader(null);
        loader.gate().open();
        try (JCacheNode node = JCacheNode.with(properties(database))) {
            Cache<String, String> cache = node.cache("nothing", reading(loader));
            cache.put("k", "old");
            end(database, "nothing", "5 s");

            assertThat(cache.get("k")).isEqualTo("old");

            database.await("SELECT count(*) FROM pg_queue_cache WHERE cache = 'nothing'", 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5 s, new, UPDATED old to new",
        "-5 s, new, EXPIRED old|CREATED null to new",
        "5 s, , REMOVED old",
        "-5 s, , EXPIRED old",
    })
    void listeners_hearWhatARefreshDoes(String end, @Nullable String loaded, String expected, TestDatabase database) {
        GatedLoader loader = new GatedLoader(loaded);
        loader.gate().open();
        String name = "heard " + expected;
        try (JCacheNode node = JCacheNode.with(properties(database))) {
            Cache<String, String> cache = node.cache(name, reading(loader));
            cache.put("k", "old");
            end(database, name, end);
            Hearing hearing = new Hearing();
            cache.registerCacheEntryListener(
                    new MutableCacheEntryListenerConfiguration<>(() -> hearing, null, true, true));

            assertThat(cache.get("k")).isEqualTo("old");

            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(String.join("|", hearing.events)).isEqualTo(expected));
        }
    }

    @Test
    void close_whileARefreshRuns_waitsForItBeforeTheLoaderIsClosed(TestDatabase database) {
        GatedLoader loader = new GatedLoader("new");
        try (JCacheNode node = JCacheNode.with(properties(database))) {
            Cache<String, String> cache = node.cache("closed", reading(loader));
            cache.put("k", "old");
            end(database, "closed", "-5 s");
            assertThat(cache.get("k")).isEqualTo("old");
            loader.gate().awaitReached();

            InBackground<Boolean> close = InBackground.run(cache::close);
            close.awaitWaiting();
            assertThat(loader.isClosed()).isFalse();
            loader.gate().open();
            close.result();

            assertThat(loader.isClosed()).isTrue();
            assertThat(database.text(
                            "SELECT expires_at > clock_timestamp() FROM pg_queue_cache WHERE cache = 'closed'"))
                    .isEqualTo("t");
        }
    }

    @Test
    void expiryByAccess_isNotRefreshed(TestDatabase database) {
        GatedLoader loader = new GatedLoader("new");
        loader.gate().open();
        try (JCacheNode node = JCacheNode.with(properties(database));
                Logged log = Logged.by("io.github.pgqueue.jcache")) {
            Cache<String, String> cache = node.cache(
                    "accessed",
                    reading(loader)
                            .setExpiryPolicyFactory(AccessedExpiryPolicy.factoryOf(new Duration(TimeUnit.MINUTES, 5))));
            cache.put("k", "old");

            assertThat(cache.get("k")).isEqualTo("old");
            end(database, "accessed", "-5 s");

            assertThat(cache.get("k")).isEqualTo("new");
            assertThat(loader.loads()).hasValue(1);
            assertThat(log.messages())
                    .contains("nothing is loaded in the background for accessed: reads change when its entries expire");
        }
    }

    @Test
    void ttl_thatIsNotLongerThanRefreshAhead_isRefused(TestDatabase database) {
        Properties properties = properties(database);
        properties.setProperty("caches.brief.ttl", "PT5M");
        try (JCacheNode node = JCacheNode.with(properties)) {
            assertThatThrownBy(() -> node.cache("brief", reading(new GatedLoader("new"))))
                    .isInstanceOf(CacheException.class)
                    .hasMessageContaining("PGQ7010")
                    .hasMessageContaining("refresh-ahead")
                    .hasCauseInstanceOf(ConfigurationException.class);
        }
    }

    private static final class Hearing
            implements CacheEntryCreatedListener<String, String>,
                    CacheEntryUpdatedListener<String, String>,
                    CacheEntryRemovedListener<String, String>,
                    CacheEntryExpiredListener<String, String> {

        private final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> created) {
            created.forEach(this::put);
        }

        @Override
        public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> updated) {
            updated.forEach(this::put);
        }

        @Override
        public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> removed) {
            removed.forEach(this::gone);
        }

        @Override
        public void onExpired(Iterable<CacheEntryEvent<? extends String, ? extends String>> expired) {
            expired.forEach(this::gone);
        }

        private void put(CacheEntryEvent<? extends String, ? extends String> event) {
            events.add(event.getEventType() + " " + event.getOldValue() + " to " + event.getValue());
        }

        private void gone(CacheEntryEvent<? extends String, ? extends String> event) {
            events.add(event.getEventType() + " " + event.getOldValue());
        }
    }
}
