package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.support.HookedDataSource;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.jcache.PostgresCacheStatisticsMXBean;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import io.github.pgqueue.jcache.PostgresConfiguration;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What configuration says of a cache counts whoever creates it, and its creator could not say it. */
@PgQueueTest
class CacheSettingsIT {

    private static final MutableConfiguration<String, String> TEXTS =
            new MutableConfiguration<String, String>().setTypes(String.class, String.class);
    private static final String TIMESTAMPS = "app.default-update-timestamps-region";

    /** A cache manager over a PgQueueManager with settings, beside properties of its own. */
    private record Over(TestNode node, PostgresCachingProvider provider, CacheManager manager)
            implements AutoCloseable {

        static Over of(TestNode node, Properties properties) {
            PostgresCachingProvider provider = new PostgresCachingProvider();
            return new Over(node, provider, provider.getCacheManager(null, null, properties, node.manager()));
        }

        @Override
        public void close() {
            provider.close();
            node.close();
        }
    }

    private static Over over(TestDatabase database, UnaryOperator<PgQueueConfig> config) {
        return Over.of(TestNode.on(database, config), new Properties());
    }

    @Test
    void settings_ofThePgQueueManager_areThoseOfItsCaches(TestDatabase database) {
        try (Over over = over(
                database,
                config -> config.withCache("of config*", cache -> cache.withTimeToLive(Duration.ofMinutes(7)))
                        .withCache("of config", cache -> cache.withDurable(true)))) {
            over.manager().createCache("of config", TEXTS).put("k", "v");

            assertThat(minutes(database, "pg_queue_cache_durable", "of config")).isEqualTo(7);
        }
    }

    @Test
    void properties_areStrongerThanTheSettingsOfThePgQueueManager(TestDatabase database) {
        Properties properties = new Properties();
        properties.setProperty("caches.\"of both\".ttl", "PT9M");
        TestNode node = TestNode.on(
                database,
                config -> config.withCache(
                        "of both",
                        cache -> cache.withTimeToLive(Duration.ofMinutes(7)).withDurable(true)));
        try (Over over = Over.of(node, properties)) {
            over.manager().createCache("of both", TEXTS).put("k", "v");

            assertThat(minutes(database, "pg_queue_cache_durable", "of both")).isEqualTo(9);
        }
    }

    @Test
    void properties_countForThePgQueueManagerThatIsMadeOfThem(TestDatabase database) {
        Properties properties = JCacheNode.properties(database);
        properties.setProperty("caches.shared.ttl", "PT5M");
        try (JCacheNode node = JCacheNode.with(properties)) {
            PgQueueConfig config = node.manager().unwrap(PgQueueManager.class).config();

            assertThat(config.cache("shared").timeToLive()).isEqualTo(Duration.ofMinutes(5));
        }
    }

    @Test
    void unknownProperty_ofACache_isAWarning(TestDatabase database) {
        Properties properties = JCacheNode.properties(database);
        properties.setProperty("caches.prices.tll", "PT5M");
        properties.setProperty("unknown to us", "such as those of a server");
        try (Logged log = Logged.by("io.github.pgqueue.jcache");
                JCacheNode node = JCacheNode.with(properties)) {
            assertThat(node.manager().isClosed()).isFalse();

            assertThat(log.warnings("caches.prices.tll"))
                    .singleElement()
                    .asString()
                    .contains("max-entries", "ttl");
            assertThat(log.warnings("unknown to us")).isEmpty();
        }
    }

    @Test
    void evictions_ofABoundedCache_areCounted(TestDatabase database) {
        try (Over over = over(
                database,
                config -> config.withHousekeepingInterval(Duration.ofMillis(100))
                        .withCache("small", cache -> cache.withMaxEntries(5L)))) {
            over.node().manager().start();
            Cache<String, String> cache = over.manager().createCache("small", TEXTS);
            PostgresCacheStatisticsMXBean statistics = cache.unwrap(PostgresCacheStatisticsMXBean.class);

            IntStream.range(0, 12).forEach(i -> cache.put("k" + i, "v"));

            database.await("SELECT count(*) FROM pg_queue_cache WHERE cache = 'small'", 5);
            assertThat(cache.get("k11")).isEqualTo("v");
            assertThat(statistics.getCacheEvictions()).isEqualTo(7);
            statistics.clear();
            assertThat(statistics.getCacheEvictions()).isZero();
        }
    }

    @Test
    void bounds_ofAnEntryProcessorAndPutAll_countToo(TestDatabase database) {
        PostgresConfiguration<String, String> small = new PostgresConfiguration<>();
        small.setMaxEntries(5L).setTypes(String.class, String.class);
        try (Over over = over(database, config -> config.withHousekeepingInterval(Duration.ofDays(1)))) {
            over.node().manager().start();
            Cache<String, String> cache = over.manager().createCache("processed", small);

            cache.putAll(Map.of("a", "v", "b", "v", "c", "v", "d", "v", "e", "v", "f", "v"));
            for (int i = 0; i < 4; i++) {
                cache.invoke("k" + i, (entry, arguments) -> {
                    entry.setValue("v");
                    return true;
                });
            }

            database.await("SELECT count(*) FROM pg_queue_cache WHERE cache = 'processed'", 5);
        }
    }

    @ParameterizedTest
    @CsvSource({"ttl, PT1H", "max-entries, 5", "max-bytes, 5", "fail-open, true", "near, true"})
    void timestampsOfHibernate_thatWouldBeLost_areRefused(String setting, String value, TestDatabase database) {
        Properties properties = JCacheNode.properties(database);
        properties.setProperty("caches.\"" + TIMESTAMPS + "\"." + setting, value);
        try (JCacheNode node = JCacheNode.with(properties)) {
            assertThatThrownBy(() -> node.cache(TIMESTAMPS, TEXTS))
                    .isInstanceOf(CacheException.class)
                    .hasMessageContaining("PGQ8005")
                    .hasMessageContaining(TIMESTAMPS);
        }
    }

    @Test
    void timestampsOfHibernate_amongAllCaches_areLeftAloneWithAWarning(TestDatabase database) {
        try (Over over = over(
                        database,
                        config -> config.withCache(
                                "*",
                                cache -> cache.withTimeToLive(Duration.ofMinutes(7))
                                        .withMaxEntries(1L)
                                        .withDurable(true)));
                Logged log = Logged.by("io.github.pgqueue.jcache")) {
            over.manager().createCache(TIMESTAMPS, TEXTS).put("k", "v");

            assertThat(database.text(
                            "SELECT expires_at FROM pg_queue_cache_durable WHERE cache = '" + TIMESTAMPS + "'"))
                    .isEqualTo("infinity");
            assertThat(log.warnings(TIMESTAMPS)).hasSize(1);
        }
    }

    @Test
    void failOpen_isForReadsOnly_andCounted(TestDatabase database) {
        HookedDataSource source = new HookedDataSource(database.dataSource());
        TestNode node =
                TestNode.on(database, source, config -> config.withCache("open", cache -> cache.withFailOpen(true)));
        try (Over over = Over.of(node, new Properties())) {
            Cache<String, String> cache = over.manager().createCache("open", TEXTS);
            PostgresCacheStatisticsMXBean statistics = cache.unwrap(PostgresCacheStatisticsMXBean.class);
            cache.put("k", "v");

            source.refuse();

            assertThat(cache.get("k")).isNull();
            assertThat(cache.getAll(Set.of("k", "l"))).isEmpty();
            assertThat(cache.containsKey("k")).isFalse();
            assertThat(statistics.getCacheFailures()).isEqualTo(3);
            assertThatThrownBy(() -> cache.put("k", "new")).isInstanceOf(CacheException.class);
            assertThatThrownBy(() -> cache.remove("k")).isInstanceOf(CacheException.class);
            assertThatThrownBy(() -> cache.getAndPut("k", "new")).isInstanceOf(CacheException.class);
            assertThat(statistics.getCacheFailures()).isEqualTo(6);
            source.allow();
            assertThat(cache.get("k")).isEqualTo("v");
        }
    }

    @Test
    void failOpen_withReadThrough_givesWhatWasLoaded(TestDatabase database) {
        HookedDataSource source = new HookedDataSource(database.dataSource());
        PostgresConfiguration<String, String> loading = new PostgresConfiguration<>();
        loading.setFailOpen(true)
                .setTypes(String.class, String.class)
                .setReadThrough(true)
                .setCacheLoaderFactory(Loader::new);
        try (Over over = Over.of(TestNode.on(database, source, config -> config), new Properties())) {
            Cache<String, String> cache = over.manager().createCache("loading", loading);
            source.refuse();

            assertThat(cache.get("k")).isEqualTo("loaded k");
            assertThat(cache.getAll(Set.of("k"))).isEqualTo(Map.of("k", "loaded k"));
        }
    }

    @Test
    void readThatFails_withoutFailOpen_isAnExceptionAndCounted(TestDatabase database) {
        HookedDataSource source = new HookedDataSource(database.dataSource());
        try (Over over = Over.of(TestNode.on(database, source, config -> config), new Properties())) {
            Cache<String, String> cache = over.manager().createCache("closed", TEXTS);
            source.refuse();

            assertThatThrownBy(() -> cache.get("k")).isInstanceOf(CacheException.class);
            assertThat(cache.unwrap(PostgresCacheStatisticsMXBean.class).getCacheFailures())
                    .isEqualTo(1);
        }
    }

    private static final class Loader implements CacheLoader<String, String> {

        @Override
        public String load(String key) {
            return "loaded " + key;
        }

        @Override
        public Map<String, String> loadAll(Iterable<? extends String> keys) {
            Map<String, String> loaded = new HashMap<>();
            keys.forEach(key -> loaded.put(key, load(key)));
            return loaded;
        }
    }

    private static long minutes(TestDatabase database, String table, String cache) {
        return database.number("SELECT ceil(extract(epoch FROM expires_at - now()) / 60) FROM " + table
                + " WHERE cache = '" + cache + "'");
    }
}
