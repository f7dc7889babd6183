package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.ClassPath;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import java.net.URI;
import java.net.URLClassLoader;
import java.util.Properties;
import java.util.concurrent.Callable;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Caffeine is asked for where a cache is near, and nowhere else. */
class OptionalCaffeineTest {

    @ParameterizedTest
    @CsvSource({"nothing, NearCache, created", "caffeine, NearCache, PGQ7018", "caffeine, FarCache, created"})
    void createCache_withoutAJar_says(String jar, String which, String outcome) throws Exception {
        try (URLClassLoader loader = ClassPath.without(jar)) {
            Callable<?> creation = Class.forName(OptionalCaffeineTest.class.getName() + '$' + which, true, loader)
                    .asSubclass(Callable.class)
                    .getConstructor()
                    .newInstance();

            assertThat(creation.call()).asString().startsWith(outcome);
        }
    }

    @Test
    void createCache_settingOutOfRange_isRefused() {
        assertThat(create("0")).contains("PGQ7010").contains("near-max-entries is 0");
    }

    @Test
    void createCache_settingThatIsNoNumber_isRefused() {
        assertThat(create("many"))
                .contains("PGQ8003")
                .contains("near-max-entries")
                .contains("many");
    }

    /** Runs where there may be no Caffeine. */
    public static final class NearCache implements Callable<String> {
        @Override
        public String call() {
            return create("10");
        }
    }

    /** Runs where there may be no Caffeine. */
    public static final class FarCache implements Callable<String> {
        @Override
        public String call() {
            return create("");
        }
    }

    /** Needs no database. */
    private static String create(String nearMaxEntries) {
        Properties properties = new Properties();
        properties.setProperty("url", "jdbc:postgresql://localhost:1/none");
        if (!nearMaxEntries.isEmpty()) {
            properties.setProperty("caches.*.near", "true");
            properties.setProperty("caches.*.near-max-entries", nearMaxEntries);
        }
        PostgresCachingProvider provider = new PostgresCachingProvider();
        try (CacheManager manager = provider.getCacheManager(URI.create("pg-queue:jars"), null, properties)) {
            manager.createCache("c", new MutableConfiguration<>());
            return "created";
        } catch (CacheException e) {
            return String.valueOf(e.getMessage()).replaceFirst("^cache 'c': ", "");
        }
    }
}
