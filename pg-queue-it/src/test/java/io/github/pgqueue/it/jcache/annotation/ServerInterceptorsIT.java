package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fish.payara.cdi.jsr107.CacheResultInterceptor;
import io.github.pgqueue.it.jcache.DefaultCaches;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.WeldNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Of a server's interceptors for the same annotations and ours, only one sort is active. */
@ExtendWith(DefaultCaches.class)
class ServerInterceptorsIT {

    private static final String KEY = "pg-queue.cache-annotations.interceptors";

    @BeforeEach
    void forgetCaches() {
        TestCaches.destroyAll();
    }

    @Test
    void interceptorsOfPayara_areSwitchedOffWithALine() {
        try (Logged log = Logged.by("io.github.pgqueue.jcache.annotation");
                WeldNode node = builder().start()) {
            Stock stock = node.get(Stock.class);
            String found = stock.find("tea");

            assertThat(found).startsWith("tea#");
            assertThat(stock.find("tea")).isEqualTo(found);
            assertThat(log.messages())
                    .filteredOn(line -> line.contains(KEY + "=server"))
                    .hasSize(1);
        }
    }

    @Test
    void interceptorsOfTheServer_canBeKeptInsteadOfOurs() {
        try (WeldNode node = builder().config(KEY, "server").start()) {
            assertThat(node.get(Stock.class).find("tea")).isEqualTo("the server's find");
            node.get(Stock.class).set("tea", "5");

            assertThat(TestCaches.manager().getCacheNames()).isEmpty();
        }
    }

    @Test
    void anotherValueOfTheKey_isRefused() {
        assertThatThrownBy(() -> builder().config(KEY, "payara").start())
                .hasMessageContaining("PGQ7110")
                .hasMessageContaining(KEY + "=payara");
    }

    private static WeldNode.Builder builder() {
        return WeldNode.builder().beans(Stock.class).with(new CacheResultInterceptor.Binding());
    }
}
