package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgCacheName;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import io.github.pgqueue.jcache.MethodCacheKey;
import io.github.pgqueue.jcache.PostgresCacheStatisticsMXBean;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.UserTransaction;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Annotated methods and injected caches in a deployment: our caches, by its configuration, with its types. */
@ExtendWith(ArquillianExtension.class)
@Proves(Feature.CACHE_ANNOTATIONS)
class CacheAnnotationsIT {

    private static final Catalog.Item TEA = new Catalog.Item("tea", new BigDecimal("1.99"), 0);
    private static final String ROWS = "SELECT count(*) FROM pg_queue_cache WHERE cache = 'catalog'";

    @Inject
    private Catalog catalog;

    @Inject
    private Clerk clerk;

    @Inject
    private CacheManager manager;

    @Inject
    private PgQueueManager pgQueue;

    @Inject
    private BeanManager beans;

    @Inject
    private Databases databases;

    @Inject
    private UserTransaction transaction;

    @Deployment
    static WebArchive archive() {
        return Deployments.caches(
                "annotated",
                Map.of(
                        "pg-queue.caches.\"catalog\".ttl",
                        "PT7M",
                        "pg-queue.caches.\"gone\".serializable",
                        "exceptions, " + Catalog.GoneException.class.getName(),
                        "pg-queue.caches.\"off*\".durable",
                        "true"),
                CacheAnnotationsIT.class,
                Interceptors.class,
                Catalog.class,
                Clerk.class);
    }

    /** Calls annotated methods in a transaction, and has a cache injected, which only beans can have. */
    @ApplicationScoped
    public static class Clerk {

        @Inject
        private Catalog catalog;

        @Inject
        @PgCacheName("offers")
        private Cache<String, List<Catalog.Item>> offers;

        public Cache<String, List<Catalog.Item>> offers() {
            return offers;
        }

        @Transactional
        public Catalog.@Nullable Item changeAndLook(Catalog.Item item, CacheManager manager) {
            catalog.set(item.sku(), item);
            catalog.remove("milk");
            return cached(manager, item.sku());
        }

        @Transactional
        public void changeAndThrow(Catalog.Item item) {
            catalog.set(item.sku(), item);
            catalog.remove("milk");
            catalog.find("bread");
            throw new IllegalStateException("on purpose");
        }

        @Transactional
        public Catalog.Item findWithinATransaction(String sku) {
            return catalog.findWithinATransaction(sku);
        }
    }

    /** Called by the tests: in the container, nothing else does it before each of them. */
    private void empty() {
        catalog.find("any");
        catalog.removeAll();
    }

    private static Catalog.@Nullable Item cached(CacheManager manager, String sku) {
        return (Catalog.Item) manager.getCache("catalog").get(MethodCacheKey.of(sku));
    }

    private Catalog.@Nullable Item cached(String sku) {
        return cached(manager, sku);
    }

    @Test
    void result_isCachedInTheTable_asLongAsTheConfigurationSays() {
        empty();
        Catalog.Item found = catalog.find("tea");

        assertThat(catalog.find("tea")).isEqualTo(found);
        assertThat(databases.number(
                        Environment.LOCAL,
                        ROWS + " AND expires_at - now() BETWEEN interval '6 minutes' AND interval '7 minutes'"))
                .isEqualTo(1);
    }

    @Test
    void everyCall_actsOnOurCacheOnce() {
        empty();
        manager.enableStatistics("catalog", true);
        PostgresCacheStatisticsMXBean statistics =
                manager.getCache("catalog").unwrap(PostgresCacheStatisticsMXBean.class);
        statistics.clear();

        catalog.find("tea");
        catalog.find("tea");
        catalog.set("milk", TEA);
        catalog.remove("milk");

        assertThat(statistics.getCacheHits()).isEqualTo(1);
        assertThat(statistics.getCacheMisses()).isEqualTo(1);
        assertThat(statistics.getCachePuts()).isEqualTo(2);
        assertThat(statistics.getCacheRemovals()).isEqualTo(1);
    }

    @Test
    void interceptorsOfTheServer_areSwitchedOff() {
        assertThat(Interceptors.ofCacheResult(beans)).isEmpty();
    }

    @Test
    void changes_inACallersTransaction_takeEffectWhenItHasCommitted() {
        empty();
        catalog.set("milk", TEA);

        assertThat(clerk.changeAndLook(TEA, manager)).isNull();

        assertThat(cached("tea")).isEqualTo(TEA);
        assertThat(cached("milk")).isNull();
    }

    @Test
    void changes_inACallersTransactionThatRollsBack_neverTakeEffect() {
        empty();
        catalog.set("milk", TEA);

        assertThatThrownBy(() -> clerk.changeAndThrow(TEA)).hasStackTraceContaining("on purpose");

        assertThat(cached("tea")).isNull();
        assertThat(cached("bread")).isNull();
        assertThat(cached("milk")).isEqualTo(TEA);
    }

    @Test
    void changes_inATransactionOfTheApplication_doAsItDoes() throws Exception {
        empty();
        transaction.begin();
        catalog.set("tea", TEA);
        transaction.rollback();
        assertThat(cached("tea")).isNull();

        transaction.begin();
        catalog.set("tea", TEA);
        assertThat(cached("tea")).isNull();
        transaction.commit();
        assertThat(cached("tea")).isEqualTo(TEA);
    }

    /** A hit does not even come to the server's interceptor of transactions, which would refuse the call. */
    @Test
    void hit_isFoundOutsideOfTheMethodsTransaction() {
        empty();
        assertThatThrownBy(() -> catalog.findWithinATransaction("tea"))
                .hasStackTraceContaining("TransactionRequiredException");

        Catalog.Item found = clerk.findWithinATransaction("tea");

        assertThat(catalog.findWithinATransaction("tea")).isEqualTo(found);
    }

    @Test
    void put_ofAMethodWhoseCommitFails_isLeftOut() {
        empty();
        catalog.setOnce("tea", TEA);

        assertThatThrownBy(() -> catalog.setOnce("tea", new Catalog.Item("tea", BigDecimal.TEN, 0)))
                .isInstanceOf(Exception.class);

        assertThat(cached("tea")).isEqualTo(TEA);
    }

    @Test
    void removeAll_emptiesTheCache() {
        empty();
        catalog.find("tea");
        catalog.find("milk");
        assertThat(databases.number(Environment.LOCAL, ROWS)).isEqualTo(2);

        catalog.removeAll();

        assertThat(databases.number(Environment.LOCAL, ROWS)).isZero();
    }

    @Test
    void exception_isCached() {
        empty();
        Throwable first = gone("tea");

        assertThat(gone("tea")).hasMessage(first.getMessage());
        assertThat(gone("milk").getMessage()).isNotEqualTo(first.getMessage());
    }

    private Throwable gone(String sku) {
        try {
            throw new AssertionError(catalog.order(sku));
        } catch (Catalog.GoneException e) {
            return e;
        }
    }

    @Test
    void keyGenerator_isABeanOfTheDeployment() {
        empty();
        Catalog.Item found = catalog.findWhateverItsCase("tea");

        assertThat(catalog.findWhateverItsCase("TEA")).isEqualTo(found);
        assertThat(catalog.findWhateverItsCase("milk")).isNotEqualTo(found);
    }

    @Test
    void injected_areOurs_byTheConfigurationOfTheDeployment() {
        Cache<String, List<Catalog.Item>> offers = clerk.offers();
        offers.put("today", List.of(TEA));

        assertThat(offers.get("today")).isEqualTo(List.of(TEA));
        assertThat(offers.getName()).isEqualTo("offers");
        assertThat(manager.getCachingProvider()).isInstanceOf(PostgresCachingProvider.class);
        assertThat(manager.unwrap(PgQueueManager.class).config()).isEqualTo(pgQueue.config());
        assertThat(manager.getCacheNames()).contains("offers");
        assertThat(databases.number(
                        Environment.LOCAL, "SELECT count(*) FROM pg_queue_cache_durable WHERE cache = 'offers'"))
                .isEqualTo(1);
    }
}
