package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.it.jcache.DefaultCaches;
import io.github.pgqueue.it.jcache.annotation.AnnotationRules.Rule;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jcache.annotation.cdi.JCacheAnnotationsExtension;
import io.github.pgqueue.jcache.annotation.cdi.JCacheAnnotationsLiteExtension;
import jakarta.enterprise.inject.build.compatible.spi.BuildCompatibleExtension;
import jakarta.enterprise.inject.build.compatible.spi.ClassConfig;
import jakarta.enterprise.inject.build.compatible.spi.Discovery;
import jakarta.enterprise.inject.build.compatible.spi.Enhancement;
import jakarta.enterprise.inject.build.compatible.spi.ScannedClasses;
import java.util.Set;
import java.util.stream.Stream;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;
import org.jboss.weld.lite.extension.translator.LiteExtensionTranslator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule holds in an application with the interceptor, and none does in the same application without it. */
@ExtendWith(DefaultCaches.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnnotationRulesIT {

    private final WeldNode intercepted = builder().start();
    private final WeldNode bare =
            builder().without(JCacheAnnotationsExtension.class).start();
    private final WeldNode lite = builder()
            .without(JCacheAnnotationsExtension.class)
            .with(new LiteExtensionTranslator(Set.of(Lite.class), AnnotationRulesIT.class.getClassLoader()))
            .start();

    /** Weld, which has portable extensions, leaves out what says that it stands for one: this does not say so. */
    public static final class Lite implements BuildCompatibleExtension {

        private final JCacheAnnotationsLiteExtension extension = new JCacheAnnotationsLiteExtension();

        @Discovery
        public void own(ScannedClasses classes) {
            extension.own(classes);
        }

        @Enhancement(
                types = Object.class,
                withSubtypes = true,
                withAnnotations = {CacheResult.class, CachePut.class, CacheRemove.class, CacheRemoveAll.class})
        public void bind(ClassConfig type) {
            extension.bind(type);
        }
    }

    private static WeldNode.Builder builder() {
        return WeldNode.builder().beans(AnnotationRules.beans());
    }

    static Stream<Rule> rules() {
        return AnnotationRules.all();
    }

    @BeforeEach
    void forgetCaches() {
        TestCaches.destroyAll();
    }

    @AfterAll
    void stop() {
        intercepted.close();
        bare.close();
        lite.close();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rule_ofAnnotatedBeans_holds(Rule rule) throws Exception {
        rule.check().on(intercepted);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rule_byTheBuildCompatibleExtension_holds(Rule rule) throws Exception {
        rule.check().on(lite);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rule_withoutTheInterceptor_doesNotHold(Rule rule) {
        assertThatThrownBy(() -> rule.check().on(bare)).isInstanceOf(AssertionError.class);
    }
}
