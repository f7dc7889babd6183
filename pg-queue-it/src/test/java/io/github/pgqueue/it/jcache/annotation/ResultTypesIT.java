package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.it.jcache.DefaultCaches;
import io.github.pgqueue.it.jcache.annotation.Menu.Dish;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jcache.MethodCacheKey;
import io.github.pgqueue.jcache.annotation.CacheFailures;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Results are stored by the types that methods declare; what would not come back is not cached, and is told. */
@ExtendWith(DefaultCaches.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResultTypesIT {

    private final WeldNode node = WeldNode.builder().beans(Menu.class).start();
    private final Menu menu = node.get(Menu.class);
    private final CacheFailures failures = node.get(CacheFailures.class);

    @BeforeEach
    void forgetCaches() {
        TestCaches.destroyAll();
        menu.clear();
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @Test
    void results_ofSeveralTypesInOneCache_comeBackAsDeclared() {
        assertThat(menu.dish("soup")).isEqualTo(menu.dish("soup"));
        assertThat(menu.courses(1)).isEqualTo(menu.courses(1));
        assertThat(menu.size(2)).isSameAs(menu.size(2)).isSameAs(Menu.Size.LARGE);
        assertThat(menu.all()).isEqualTo(menu.all());
        assertThat(failures.count("menu")).isZero();
        assertThat(TestCaches.cache("menu").get(MethodCacheKey.of("soup"))).isInstanceOf(Dish.class);
    }

    @Test
    void result_isFoundByAnotherNode() {
        Dish cached = menu.dish("soup");
        TestCaches.manager().getCache("menu").close();

        assertThat(menu.dish("soup")).isEqualTo(cached);
    }

    @Test
    void valueThatIsPut_isOfTheTypeOfItsParameter() {
        menu.set("soup", new Dish("put", BigDecimal.TEN));

        assertThat(menu.dish("soup")).isEqualTo(new Dish("put", BigDecimal.TEN));
    }

    @Test
    void genericResultsThatCannotBeToldApart_areNotCachedAndTheLogSaysWhy() {
        try (Logged log = Logged.by("io.github.pgqueue.jcache.annotation")) {
            List<String> first = menu.names(1);
            assertThat(menu.names(1)).isEqualTo(first);
            menu.dishes();

            assertThat(menu.dishes()).isNotEqualTo(menu.dishes());
            assertThat(log.warnings("the cache lists failed (PUT)")).hasSize(1);
            assertThat(log.text()).contains("PGQ5009", "use a cache for each of them");
        }
    }

    @Test
    void parameterWithoutCanonicalBytes_isNotAKeyAndTheLogSaysWhy() {
        try (Logged log = Logged.by("io.github.pgqueue.jcache.annotation")) {
            assertThat(menu.ofAny(new AtomicInteger(1))).isNotEqualTo(menu.ofAny(new AtomicInteger(1)));

            assertThat(log.warnings("the cache unstable keys failed (READ)")).hasSize(1);
            assertThat(log.text()).contains("PGQ5009", "@CacheKey");
        }
    }

    @Test
    void exception_withoutJavaSerialization_isNotCachedAndTheLogSaysWhyOnce() {
        try (Logged log = Logged.by("io.github.pgqueue.jcache.annotation")) {
            int before = menu.runs();
            assertThatThrownBy(() -> menu.closed("Monday")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> menu.closed("Monday")).isInstanceOf(IllegalStateException.class);

            assertThat(menu.runs() - before).isEqualTo(2);
            assertThat(log.warnings("the cache exceptions without a list failed (PUT)"))
                    .hasSize(1);
            assertThat(log.text()).contains("PGQ5009", "'exceptions'");
        }
    }
}
