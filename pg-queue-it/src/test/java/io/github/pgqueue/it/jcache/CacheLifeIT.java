package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.NodeStatus.Lifecycle;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import io.github.pgqueue.jcache.PostgresConfiguration;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.configuration.OptionalFeature;
import javax.cache.integration.CompletionListener;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.spi.CachingProvider;
import javax.management.JMException;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How caches and their managers begin and end, and where they get their settings. */
@PgQueueTest
class CacheLifeIT {

    private static final MutableConfiguration<String, String> TEXTS =
            new MutableConfiguration<String, String>().setTypes(String.class, String.class);

    @Test
    void close_keepsTheRows_andDestroyDeletesThem(TestDatabase database) {
        try (JCacheNode first = JCacheNode.on(database)) {
            first.cache("kept", TEXTS).put("k", "v");
        }

        try (JCacheNode second = JCacheNode.on(database)) {
            assertThat(second.cache("kept", TEXTS).get("k")).isEqualTo("v");
            second.manager().destroyCache("kept");
            assertThat(second.cache("kept", TEXTS).get("k")).isNull();
        }
        assertThat(database.number("SELECT count(*) FROM pg_queue_cache WHERE cache = 'kept'"))
                .isZero();
    }

    @Test
    void destroyCache_thatIsNotOpenHere_deletesItsRows(TestDatabase database) {
        try (JCacheNode node = JCacheNode.on(database)) {
            node.cache("closed", TEXTS).put("k", "v");
            Cache<String, String> closed = node.manager().getCache("closed");
            closed.close();

            node.manager().destroyCache("closed");

            assertThat(node.cache("closed", TEXTS).get("k")).isNull();
        }
    }

    /** A loader that is called after it was closed opens what nobody closes again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void end_whileLoadAllRuns_waitsForItBeforeTheLoaderIsClosed(boolean destroy, TestDatabase database) {
        try (JCacheNode node = JCacheNode.on(database)) {
            GatedLoader loader = new GatedLoader("loaded");
            String name = "ends while it loads " + destroy;
            Cache<String, String> cache = node.cache(
                    name, new MutableConfiguration<>(TEXTS).setReadThrough(true).setCacheLoaderFactory(() -> loader));
            CompletionListenerFuture loaded = new CompletionListenerFuture();
            cache.loadAll(Set.of("k"), true, loaded);
            loader.gate().awaitReached();

            InBackground<Boolean> end = InBackground.run(() -> {
                if (destroy) {
                    node.manager().destroyCache(name);
                } else {
                    cache.close();
                }
            });
            end.awaitWaiting();
            assertThat(loader.isClosed()).isFalse();
            loader.gate().open();
            end.result();

            assertThat(loader.isClosed()).isTrue();
            assertThat(loaded.isDone()).isTrue();
            assertThat(database.number("SELECT count(*) FROM pg_queue_cache WHERE cache = '" + name + "'"))
                    .isEqualTo(destroy ? 0 : 1);
        }
    }

    @Test
    void close_byTheLoadItself_doesNotWaitForThat(TestDatabase database) {
        try (JCacheNode node = JCacheNode.on(database)) {
            GatedLoader loader = new GatedLoader("loaded");
            loader.gate().open();
            Cache<String, String> cache = node.cache(
                    "closed by its load",
                    new MutableConfiguration<>(TEXTS).setReadThrough(true).setCacheLoaderFactory(() -> loader));
            CompletableFuture<Boolean> closed = new CompletableFuture<>();

            cache.loadAll(Set.of("k"), true, new CompletionListener() {
                @Override
                public void onCompletion() {
                    cache.close();
                    closed.complete(cache.isClosed());
                }

                @Override
                public void onException(Exception e) {
                    closed.completeExceptionally(e);
                }
            });

            Awaitility.await().until(closed::isDone);
            assertThat(closed.join()).isTrue();
            assertThat(loader.isClosed()).isTrue();
        }
    }

    @Test
    void durableCache_isInTheLoggedTable(TestDatabase database) {
        Properties properties = JCacheNode.properties(database);
        properties.setProperty("caches.\"com.ibm.ws.session.*\".durable", "true");
        try (JCacheNode node = JCacheNode.with(properties)) {
            node.cache("com.ibm.ws.session.meta.app", TEXTS).put("k", "v");
            PostgresConfiguration<String, String> durable =
                    new PostgresConfiguration<String, String>().setDurable(true);
            durable.setTypes(String.class, String.class);
            node.cache("own", durable).put("k", "v");
            node.cache("other", TEXTS).put("k", "v");
        }

        assertThat(database.text("SELECT string_agg(cache, ' ' ORDER BY cache) FROM pg_queue_cache_durable"))
                .isEqualTo("com.ibm.ws.session.meta.app own");
        assertThat(database.text("SELECT relpersistence FROM pg_class WHERE relname = 'pg_queue_cache_durable'"))
                .isEqualTo("p");
    }

    /** Consumers create their caches as eternal; the longest name that matches decides. */
    @Test
    void timeToLive_ofTheSettings_isThatOfEternalCaches(TestDatabase database) {
        Properties properties = JCacheNode.properties(database);
        properties.setProperty("caches.*.ttl", "PT1H");
        properties.setProperty("caches.ttl of *.ttl", "PT10M");
        try (JCacheNode node = JCacheNode.with(properties)) {
            node.cache("ttl of texts", TEXTS).put("k", "v");
            node.cache("texts", TEXTS).put("k", "v");
        }

        assertThat(database.text("SELECT string_agg(cache || ' ' || ceil(extract(epoch FROM expires_at - now()) / 60),"
                        + " ', ' ORDER BY cache) FROM pg_queue_cache WHERE cache LIKE '%texts'"))
                .isEqualTo("texts 60, ttl of texts 10");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "caches.*.ttl | ten minutes | a duration such as PT10M is expected",
                "caches.*.ttl | PT0S | must be at least PT0.001S",
                "caches.*.refresh-ahead | P1Y | a duration such as PT10M is expected",
                "caches.*.stale-while-revalidate | PT-1S | must be at least PT0S",
                "caches.*.durable | yes | true or false is expected",
                "caches.\"org.acme.*\".max-entries | 0 | must be at least 1",
                "caches.\"org.acme.*\".max-bytes | 1 MB | a whole number is expected",
                "caches.prices.fail-open | 1 | true or false is expected",
                "caches.prices.remote-events | on | true or false is expected",
                "caches.prices.near | on | true or false is expected",
                "caches.prices.near-max-entries | 0 | must be at least 1",
                "caches.*.near-miss-ttl | 1s | a duration such as PT10M is expected",
                "pool-size | many | a whole number is expected",
            })
    void badSetting_isRefusedWithItsNumber(String key, String value, String expectation, TestDatabase database) {
        Properties properties = JCacheNode.properties(database);
        properties.setProperty(key, value);

        assertThatThrownBy(() -> JCacheNode.with(properties))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining("PGQ8003")
                .hasMessageContaining(key + " is '" + value + "'")
                .hasMessageContaining(expectation)
                .hasCauseInstanceOf(ConfigurationException.class);
    }

    @Test
    void badClasses_areRefusedWithANumber(TestDatabase database) {
        Properties properties = JCacheNode.properties(database);
        properties.setProperty("caches.bad classes.serializable", ".*");
        try (JCacheNode node = JCacheNode.with(properties)) {
            assertThatThrownBy(() -> node.cache("bad classes", TEXTS)).hasMessageContaining("PGQ8003");
        }
    }

    @Test
    void managerWithoutAnySettings_saysWhatItWants() {
        try (PostgresCachingProvider provider = new PostgresCachingProvider()) {
            assertThatThrownBy(provider::getCacheManager)
                    .isInstanceOf(CacheException.class)
                    .hasMessageContaining("PGQ8001")
                    .hasMessageContaining("java:comp/DefaultDataSource");
        }
    }

    @Test
    void manager_ofAFileUri_hasTheSettingsOfThatFile(TestDatabase database, @TempDir Path directory)
            throws IOException {
        Path file = directory.resolve("cache.properties");
        try (OutputStream out = Files.newOutputStream(file);
                PostgresCachingProvider provider = new PostgresCachingProvider()) {
            JCacheNode.properties(database).store(out, "");
            CacheManager manager = provider.getCacheManager(file.toUri(), null, null);

            Cache<String, String> cache = manager.createCache("of a file", TEXTS);
            cache.put("k", "v");

            assertThat(cache.get("k")).isEqualTo("v");
            assertThatThrownBy(() -> provider.getCacheManager(
                            directory.resolve("missing").toUri(), null, null))
                    .hasMessageContaining("PGQ8002");
        }
    }

    @Test
    void manager_overAPgQueueManager_sharesItAndLeavesItOpen(TestNode node) {
        try (PostgresCachingProvider provider = new PostgresCachingProvider()) {
            CacheManager manager = provider.getCacheManager(null, null, null, node.manager());
            Cache<String, Integer> cache = manager.createCache(
                    "shared", new MutableConfiguration<String, Integer>().setTypes(String.class, Integer.class));

            cache.put("k", 1);

            assertThat(manager.unwrap(PgQueueManager.class)).isSameAs(node.manager());
        }
        assertThat(node.database().number("SELECT count(*) FROM pg_queue_cache WHERE cache = 'shared'"))
                .isEqualTo(1);
        assertThat(node.manager().cache("after").get("k", String.class)).isEmpty();
    }

    @Test
    void managers_areOneForEachUriAndClassLoader(TestDatabase database) throws IOException {
        Properties properties = JCacheNode.properties(database);
        URI one = URI.create("pg-queue:one");
        URI other = URI.create("pg-queue:other");
        try (PostgresCachingProvider provider = new PostgresCachingProvider();
                URLClassLoader loader = new URLClassLoader(new URL[0])) {
            CacheManager first = provider.getCacheManager(one, null, properties);

            assertThat(provider.getCacheManager(one, null, new Properties())).isSameAs(first);
            assertThat(provider.getCacheManager(other, null, properties)).isNotSameAs(first);
            CacheManager ofLoader = provider.getCacheManager(one, loader, properties);
            assertThat(ofLoader).isNotSameAs(first);

            provider.close(loader);
            assertThat(ofLoader.isClosed()).isTrue();
            assertThat(first.isClosed()).isFalse();
            provider.close(one, null);
            assertThat(first.isClosed()).isTrue();
            assertThat(provider.getCacheManager(one, null, properties)).isNotSameAs(first);
        }
    }

    @Test
    void createCache_withoutADatabase_worksAndSoDoTheCallsOnceItIsThere() {
        Properties properties = new Properties();
        properties.setProperty("url", "jdbc:postgresql://127.0.0.1:1/nowhere");
        try (JCacheNode node = JCacheNode.with(properties)) {
            Cache<String, String> cache = node.cache("without a database", TEXTS);

            assertThatThrownBy(() -> cache.get("k"))
                    .isInstanceOf(CacheException.class)
                    .hasCauseInstanceOf(StorageException.class);
            assertThat(cache.isClosed()).isFalse();
        }
    }

    @Test
    void brokenConnections_areReplaced(TestDatabase database) {
        try (JCacheNode node = JCacheNode.on(database)) {
            Cache<String, String> cache = node.cache("broken", TEXTS);
            cache.put("k", "v");
            awaitStarted(node);

            database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND pid <> pg_backend_pid()");

            assertThatThrownBy(() -> cache.get("k")).hasMessageContaining("PGQ6002");
            Awaitility.await()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(cache.get("k")).isEqualTo("v"));
        }
    }

    @Test
    void housekeeping_ofAManagerOfItsOwn_beginsWithTheFirstCache(TestDatabase database) {
        try (JCacheNode node = JCacheNode.on(database)) {
            PgQueueManager below = node.manager().unwrap(PgQueueManager.class);
            assertThat(below.nodeStatus().lifecycle()).isEqualTo(Lifecycle.CREATED);

            node.cache("swept", TEXTS);

            awaitStarted(node);
        }
    }

    private static void awaitStarted(JCacheNode node) {
        PgQueueManager below = node.manager().unwrap(PgQueueManager.class);
        Awaitility.await().until(() -> below.nodeStatus().lifecycle() == Lifecycle.STARTED);
    }

    @Test
    void statistics_areAnMBeanWhileTheyAreEnabled(TestDatabase database) throws JMException {
        ObjectName name = new ObjectName("javax.cache:type=CacheStatistics,CacheManager=pg-queue.test,Cache=of.a.b.c.");
        try (JCacheNode node = JCacheNode.on(database)) {
            Cache<String, String> cache = node.cache("of:a,b=c*", TEXTS);
            node.manager().enableStatistics(cache.getName(), true);
            cache.put("k", "v");
            cache.get("k");

            assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(name, "CacheHits"))
                    .isEqualTo(1L);
            assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(name, "CacheUnreadable"))
                    .isEqualTo(0L);
            node.manager().enableStatistics(cache.getName(), false);
            assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(name))
                    .isFalse();
        }
    }

    @Test
    void cache_isAPostgresCacheOfTheProviderThatWasFound() {
        CachingProvider provider = Caching.getCachingProvider();

        assertThat(provider).isInstanceOf(PostgresCachingProvider.class);
        assertThat(provider.isSupported(OptionalFeature.STORE_BY_REFERENCE)).isFalse();
    }

    @Test
    void iterator_overMoreThanAPage_visitsEachEntryOnce(TestDatabase database) {
        try (JCacheNode node = JCacheNode.on(database)) {
            Cache<Integer, Integer> cache = node.cache(
                    "pages", new MutableConfiguration<Integer, Integer>().setTypes(Integer.class, Integer.class));
            Map<Integer, Integer> entries = new HashMap<>();
            for (int i = 0; i < 345; i++) {
                entries.put(i, -i);
            }
            cache.putAll(entries);

            Map<Integer, Integer> seen = new HashMap<>();
            cache.forEach(entry ->
                    assertThat(seen.put(entry.getKey(), entry.getValue())).isNull());

            assertThat(seen).isEqualTo(entries);
            assertThat(cache.getAll(entries.keySet())).isEqualTo(entries);
            cache.removeAll();
            assertThat(cache).isEmpty();
        }
    }

    /** Code that runs while an entry is locked would wait for itself on another connection. */
    @Test
    void changeOfALockedEntry_fromWithin_isRefused(TestDatabase database) {
        BiConsumer<Cache<String, String>, String> change = (cache, key) -> cache.invoke("k", (entry, arguments) -> {
            cache.put(key, "nested");
            entry.setValue("v");
            return null;
        });
        try (JCacheNode node = JCacheNode.on(database)) {
            Cache<String, String> cache = node.cache("nested", TEXTS);

            assertThatThrownBy(() -> change.accept(cache, "k")).hasMessageContaining("PGQ3004");
            assertThat(cache.containsKey("k")).isFalse();

            change.accept(cache, "other");
            assertThat(cache.get("k")).isEqualTo("v");
            assertThat(cache.get("other")).isEqualTo("nested");
        }
    }
}
