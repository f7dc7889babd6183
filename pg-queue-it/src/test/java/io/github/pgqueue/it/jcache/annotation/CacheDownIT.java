package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.jcache.DefaultCaches;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jcache.MethodCacheKey;
import io.github.pgqueue.jcache.annotation.CacheFailures;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cache that is down is a miss for annotated methods, and is counted; no error of it reaches their callers. */
@ExtendWith(DefaultCaches.class)
class CacheDownIT {

    private static final String LOGGER = "io.github.pgqueue.jcache.annotation";

    private final WeldNode node =
            WeldNode.builder().beans(Stock.class, HookedCaches.class).start();
    private final Stock stock = node.get(Stock.class);
    private final HookedCaches caches = node.get(HookedCaches.class);
    private final CacheFailures failures = node.get(CacheFailures.class);

    @BeforeEach
    void forgetCaches() {
        TestCaches.destroyAll();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void everyCall_whileTheCacheIsDown_worksAsWithoutIt() {
        stock.find("tea");
        caches.fail("get", "put", "remove", "removeAll", "getCache");

        assertThat(stock.find("tea")).isNotEqualTo(stock.find("tea"));
        stock.set("tea", "5");
        stock.remove("tea");
        stock.removeAll();

        assertThat(failures.byCache()).isEqualTo(Map.of("stock", failures.count()));
        assertThat(failures.count("stock"))
                .as("twice a get and a put; a put and the removal instead of it; two removals")
                .isEqualTo(8);
        assertThat(failures.count("other")).isZero();
    }

    @Test
    void everyCall_whileNoCacheIsFound_worksAsWithoutIt() {
        caches.fail("getCache", "createCache");

        assertThat(stock.find("tea")).isNotEqualTo(stock.find("tea"));
        stock.set("tea", "5");
        stock.remove("tea");
        stock.removeAll();

        assertThat(failures.count("stock")).isEqualTo(5);
    }

    @Test
    void put_thatFails_doesNotLeaveTheOldValue() {
        stock.set("tea", "old");
        caches.fail("put");

        stock.set("tea", "new");

        assertThat(TestCaches.cache("stock").get(MethodCacheKey.of("tea"))).isNull();
    }

    @Test
    void commit_whileTheCacheIsDown_commits() throws Exception {
        stock.set("tea", "old");
        caches.fail("putAll");

        String done = node.inTransaction(() -> {
            stock.set("tea", "new");
            return "committed";
        });

        assertThat(done).isEqualTo("committed");
        assertThat(failures.count("stock")).isEqualTo(1);
        assertThat(TestCaches.cache("stock").get(MethodCacheKey.of("tea"))).isNull();
    }

    @Test
    void failures_areLoggedOnceUntilTheCacheWorksAgain() {
        try (Logged log = Logged.by(LOGGER)) {
            caches.fail("get");
            stock.find("tea");
            stock.find("milk");
            caches.fail();
            String found = stock.find("tea");

            assertThat(stock.find("tea")).isEqualTo(found);
            assertThat(log.warnings("the cache stock failed (READ)")).hasSize(1);
            assertThat(log.messages()).contains("the cache stock works again (READ)");
            assertThat(log.text()).contains("down on purpose").doesNotContain("tea");
        }
    }
}
