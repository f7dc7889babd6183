package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.it.support.WeldNode;
import jakarta.enterprise.context.Dependent;
import java.lang.annotation.Annotation;
import javax.cache.annotation.CacheKeyGenerator;
import javax.cache.annotation.CacheKeyInvocationContext;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;
import javax.cache.annotation.GeneratedCacheKey;
import org.junit.jupiter.api.Test;

/** Annotations that cannot be obeyed keep the application from starting, all of them named. */
class AnnotationProblemsIT {

    @Dependent
    static class Wrong {

        @CacheResult
        @CacheRemove
        String two() {
            return "";
        }

        @CachePut
        void withoutValue(String item) {}

        @CacheResult
        String withValue(@CacheValue String item) {
            return item;
        }

        @CacheResult
        static String ofNoBean() {
            return "";
        }

        @CacheResult
        private String hidden() {
            return "";
        }

        String callsHidden() {
            return hidden();
        }
    }

    static final class WithoutConstructor implements CacheKeyGenerator {

        private final String name;

        WithoutConstructor(String name) {
            this.name = name;
        }

        @Override
        public GeneratedCacheKey generateCacheKey(CacheKeyInvocationContext<? extends Annotation> call) {
            return new Defaults.Named(name);
        }
    }

    @Dependent
    static class NamesWhatCannotBeMade {

        @CacheResult(cacheKeyGenerator = WithoutConstructor.class)
        String find(String item) {
            return item;
        }
    }

    @Test
    void everyProblem_isReportedAtDeployment() {
        Throwable thrown = catchThrowable(() -> start(Wrong.class));

        assertThat(thrown)
                .hasMessageContaining("PGQ8101")
                .hasMessageContaining("Wrong.two()")
                .hasMessageContaining("PGQ8102")
                .hasMessageContaining("Wrong.withoutValue(String)")
                .hasMessageContaining("Wrong.withValue(String)")
                .hasMessageContaining("PGQ8103")
                .hasMessageContaining("Wrong.ofNoBean()")
                .hasMessageContaining("Wrong.hidden()");
    }

    @Test
    void keyGeneratorThatCannotBeMade_isToldTheFirstCaller() {
        try (WeldNode node =
                WeldNode.builder().beans(NamesWhatCannotBeMade.class).start()) {
            assertThatThrownBy(() -> node.get(NamesWhatCannotBeMade.class).find("tea"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("PGQ8104")
                    .hasMessageContaining(WithoutConstructor.class.getName());
        }
    }

    private static void start(Class<?> bean) {
        WeldNode.builder().beans(bean).start().close();
    }
}
