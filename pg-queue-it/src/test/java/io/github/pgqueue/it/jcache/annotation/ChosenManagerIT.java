package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jcache.annotation.CacheFailures;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.lang.reflect.Proxy;
import javax.cache.CacheManager;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The caches of annotated methods are in the application's database, whatever else calls itself a cache manager. */
@PgQueueTest
class ChosenManagerIT {

    private static final String ROWS = "SELECT count(*) FROM pg_queue_cache WHERE cache = 'stock'";

    /** What Payara has as a bean: the manager of another provider. */
    @Dependent
    static class OfAnotherProvider {

        @Produces
        @Dependent
        CacheManager manager() {
            return foreign(CacheManager.class, foreign(CachingProvider.class, null));
        }

        private static <T> T foreign(Class<T> type, @Nullable Object provider) {
            return type.cast(
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        if (method.getName().equals("getCachingProvider")) {
                            return provider;
                        }
                        throw new UnsupportedOperationException("nothing else is to be asked of it");
                    }));
        }
    }

    @Test
    void caches_ofAnApplicationWithADataSource_areInItsDatabase(TestDatabase database) {
        try (WeldNode node = WeldNode.builder(database).beans(Stock.class).start()) {
            String found = node.get(Stock.class).find("tea");

            assertThat(node.get(Stock.class).find("tea")).isEqualTo(found);
            assertThat(database.number(ROWS)).isEqualTo(1);
            node.get(Stock.class).removeAll();
        }
    }

    @Test
    void rows_ofAnApplicationThatEnded_areFoundByTheNext(TestDatabase database) {
        try (WeldNode node = WeldNode.builder(database).beans(Stock.class).start()) {
            node.get(Stock.class).set("tea", "5");
        }
        try (WeldNode node = WeldNode.builder(database).beans(Stock.class).start()) {
            assertThat(node.get(Stock.class).find("tea")).isEqualTo("5");
            node.get(Stock.class).removeAll();
        }
    }

    @Test
    void managerOfAnotherProvider_isNotUsed(TestDatabase database) {
        try (WeldNode node = WeldNode.builder(database)
                .beans(Stock.class, OfAnotherProvider.class)
                .start()) {
            node.get(Stock.class).set("tea", "5");

            assertThat(database.number(ROWS)).isEqualTo(1);
            node.get(Stock.class).removeAll();
        }
    }

    @Test
    void withoutADataSource_callsAreMadeAndTheLogSaysWhy() {
        try (Logged log = Logged.by("io.github.pgqueue.jcache.annotation");
                WeldNode node = WeldNode.builder().beans(Stock.class).start()) {
            Stock stock = node.get(Stock.class);

            assertThat(stock.find("tea")).isNotEqualTo(stock.find("tea"));

            assertThat(node.get(CacheFailures.class).count("stock")).isEqualTo(2);
            assertThat(log.warnings("the cache stock failed (FIND)")).hasSize(1);
            assertThat(log.text()).contains("pg-queue.datasource");
        }
    }
}
