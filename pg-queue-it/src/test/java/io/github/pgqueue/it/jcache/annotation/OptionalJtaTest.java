package io.github.pgqueue.it.jcache.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The annotations work where the API of JTA is not there. */
class OptionalJtaTest {

    private static final String PACKAGE = "io.github.pgqueue.jcache.annotation.";

    @Test
    void transactions_withoutJta_areNone() throws Exception {
        try (URLClassLoader without = classPathWithout("jakarta.transaction")) {
            Class<?> type = Class.forName(PACKAGE + "CallerTransactions", true, without);

            assertThat(find(without)).isSameAs(type.getField("NONE").get(null));
        }
    }

    @Test
    void transactions_withJta_areLookedFor() throws Exception {
        try (URLClassLoader with = classPathWithout("nothing")) {
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

    private static URLClassLoader classPathWithout(String jar) throws IOException {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains(jar))
                .map(OptionalJtaTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
