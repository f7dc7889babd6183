package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.it.support.ClassPath;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

/** The annotations work where the API of JTA is not there. */
class OptionalJtaTest {

    private static final String PACKAGE = "io.github.pgqueue.jcache.annotation.";

    @Test
    void transactions_withoutJta_areNone() throws Exception {
        try (URLClassLoader without = ClassPath.without("jakarta.transaction")) {
            Class<?> type = Class.forName(PACKAGE + "CallerTransactions", true, without);

            assertThat(find(without)).isSameAs(type.getField("NONE").get(null));
        }
    }

    @Test
    void transactions_withJta_areLookedFor() throws Exception {
        try (URLClassLoader with = ClassPath.without("nothing")) {
            // No beans are given: it gets as far as the first question to them.
            assertThatThrownBy(() -> find(with)).hasCauseInstanceOf(NullPointerException.class);
        }
    }

    private static Object find(ClassLoader loader) throws Exception {
        Method find = Class.forName(PACKAGE + "cdi.JtaLookup", true, loader)
                .getDeclaredMethod("find", Class.forName(PACKAGE + "cdi.Beans", true, loader));
        find.setAccessible(true);
        return find.invoke(null, new Object[] {null});
    }
}
