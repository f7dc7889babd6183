package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.it.jcache.annotation.AnnotationRules.Rule;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jcache.annotation.cdi.JCacheAnnotationsExtension;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule holds in an application with the interceptor, and none does in the same application without it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnnotationRulesIT {

    private final WeldNode intercepted =
            WeldNode.builder().beans(AnnotationRules.beans()).start();
    private final WeldNode bare = WeldNode.builder()
            .beans(AnnotationRules.beans())
            .without(JCacheAnnotationsExtension.class)
            .start();

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
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rule_ofAnnotatedBeans_holds(Rule rule) throws Exception {
        rule.check().on(intercepted);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rule_withoutTheInterceptor_doesNotHold(Rule rule) {
        assertThatThrownBy(() -> rule.check().on(bare)).isInstanceOf(AssertionError.class);
    }
}
