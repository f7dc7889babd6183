package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fish.payara.cdi.jsr107.JSR107Producer;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.cdi.PgCacheName;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jcache.MethodCacheKey;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Caches and their manager are injected: ours, by name, with the types that are asked for. */
@PgQueueTest
class InjectedCachesIT {

    record Price(String currency, long cents) {}

    @Dependent
    static class Shop {

        @Inject
        CacheManager manager;

        @Inject
        @PgCacheName("prices")
        Cache<String, List<Price>> prices;

        @Inject
        @PgCacheName("counts")
        Instance<Cache<Long, Integer>> counts;

        @Inject
        Cache<String, byte[]> unnamed;
    }

    @Dependent
    static class OtherShop {

        @Inject
        @PgCacheName("prices")
        Cache<String, Price> prices;
    }

    @Dependent
    static class ManagerOnly {

        @Inject
        CacheManager manager;
    }

    @ApplicationScoped
    static class OwnCaches {

        @Produces
        @ApplicationScoped
        CacheManager manager(PgQueueManager manager) {
            return new PostgresCachingProvider().getCacheManager(URI.create("pg-queue:own"), null, null, manager);
        }
    }

    @BeforeEach
    void empty(TestDatabase database) {
        database.execute("TRUNCATE pg_queue_cache, pg_queue_cache_durable");
    }

    @Test
    void inject_cache_hasItsNameAndTypes(TestDatabase database) {
        try (WeldNode node = WeldNode.builder(database).beans(Shop.class).start()) {
            Shop shop = node.get(Shop.class);
            List<Price> tea = List.of(new Price("EUR", 199), new Price("USD", 210));

            shop.prices.put("tea", tea);
            shop.counts.get().put(7L, 3);
            shop.unnamed.put("k", new byte[] {1});

            assertThat(shop.prices.getName()).isEqualTo("prices");
            assertThat(shop.prices.get("tea")).isEqualTo(tea);
            assertThat(shop.counts.get().get(7L)).isEqualTo(3);
            assertThat(shop.unnamed.getName()).isEqualTo("default");
            assertThat(shop.unnamed.get("k")).containsExactly(1);
            assertThat(keyType(shop.counts.get())).isEqualTo(Long.class);
            assertThat(database.text("SELECT string_agg(cache, ' ' ORDER BY cache) FROM pg_queue_cache"))
                    .isEqualTo("counts default prices");
        }
    }

    @Test
    void inject_manager_isOurs_andHasTheSameCaches(TestDatabase database) {
        try (WeldNode node = WeldNode.builder(database).beans(Shop.class).start()) {
            Shop shop = node.get(Shop.class);

            shop.prices.put("tea", List.of());

            assertThat(shop.manager.getCachingProvider()).isInstanceOf(PostgresCachingProvider.class);
            assertThat(shop.manager.getCacheNames()).containsExactly("prices");
            assertThat(shop.manager.unwrap(PgQueueManager.class).config())
                    .isEqualTo(node.get(PgQueueManager.class).config());
        }
    }

    @Test
    void inject_manager_isThatOfAnnotatedMethods(TestDatabase database) {
        try (WeldNode node =
                WeldNode.builder(database).beans(ManagerOnly.class, Stock.class).start()) {
            String found = node.get(Stock.class).find("tea");

            CacheManager manager = node.get(ManagerOnly.class).manager;
            assertThat(manager.getCache("stock").get(MethodCacheKey.of("tea"))).isEqualTo(found);
        }
    }

    @Test
    void settings_ofMicroProfileConfig_countForCachesOfEverybody(TestDatabase database) {
        try (WeldNode node = WeldNode.builder(database)
                .beans(Shop.class, Stock.class)
                .config("pg-queue.caches.*.durable", "true")
                .config("pg-queue.caches.*.ttl", "PT7M")
                .config("pg-queue.caches.\"created.*\".ttl", "PT9M")
                .start()) {
            Shop shop = node.get(Shop.class);

            shop.prices.put("tea", List.of());
            node.get(Stock.class).set("tea", "5");
            shop.manager
                    .createCache("created.here", new MutableConfiguration<Object, Object>())
                    .put("k", "v");
            PgCache byName = node.get(PgQueueManager.class).cache("by name");
            byName.set("k", 1);
            byName.set("l", 1, Duration.ofMinutes(1));

            assertThat(database.number("SELECT count(*) FROM pg_queue_cache")).isZero();
            assertThat(database.text("SELECT string_agg(cache || ' '"
                            + " || ceil(extract(epoch FROM expires_at - now()) / 60), ', ' ORDER BY cache, expires_at)"
                            + " FROM pg_queue_cache_durable"))
                    .isEqualTo("by name 1, by name 7, created.here 9, prices 7, stock 7");
        }
    }

    @Test
    void inject_oneNameWithTwoTypes_isRefusedAtDeployment(TestDatabase database) {
        assertThatThrownBy(() -> WeldNode.builder(database)
                        .beans(Shop.class, OtherShop.class)
                        .start())
                .hasMessageContaining("PGQ8105")
                .hasMessageContaining("cache 'prices'")
                .hasMessageContaining("java.util.List<");
    }

    @Test
    void managerOfTheApplication_isKept(TestDatabase database) {
        try (WeldNode node = WeldNode.builder(database)
                .beans(ManagerOnly.class, OwnCaches.class, Shop.class)
                .start()) {
            Shop shop = node.get(Shop.class);
            shop.prices.put("tea", List.of());

            assertThat(shop.manager.getURI()).hasToString("pg-queue:own");
            assertThat(shop.manager.getCacheNames()).containsExactly("prices");
            shop.manager.close();
        }
    }

    @Test
    void producersOfPayara_giveWayToOurs(TestDatabase database) {
        try (Logged log = Logged.by("io.github.pgqueue.jcache.annotation");
                WeldNode node = WeldNode.builder(database)
                        .beans(Shop.class)
                        .with(new JSR107Producer.Binding())
                        .start()) {
            Shop shop = node.get(Shop.class);
            shop.prices.put("tea", List.of());

            assertThat(shop.manager.getCachingProvider()).isInstanceOf(PostgresCachingProvider.class);
            assertThat(shop.prices.get("tea")).isEmpty();
            assertThat(log.messages())
                    .filteredOn(line -> line.contains("interceptors=server"))
                    .hasSize(1);
        }
    }

    @Test
    void producersOfPayara_canBeKept(TestDatabase database) {
        try (WeldNode node = WeldNode.builder(database)
                .beans(ManagerOnly.class)
                .with(new JSR107Producer.Binding())
                .config("pg-queue.cache-annotations.interceptors", "server")
                .start()) {
            assertThatThrownBy(() -> node.get(ManagerOnly.class).manager.getURI())
                    .hasMessage("the server's own");
        }
    }

    @SuppressWarnings("unchecked")
    private static Class<?> keyType(Cache<Long, Integer> cache) {
        return cache.getConfiguration(CompleteConfiguration.class).getKeyType();
    }
}
