package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.LoaderWithout;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A cache manager that is given a URL has a pool of connections. */
@PgQueueTest
class ConnectionsIT {

    private static final MutableConfiguration<String, String> TEXTS =
            new MutableConfiguration<String, String>().setTypes(String.class, String.class);
    private static final String SESSIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pool of the test'";

    @Test
    void pool_hasNoMoreConnectionsThanItsSize_andNoneAfterTheEnd(TestDatabase database) {
        try (JCacheNode node = JCacheNode.with(properties(database, "3"))) {
            Cache<String, String> cache = node.cache("pooled", TEXTS);
            List<InBackground<Boolean>> callers = IntStream.range(0, 8)
                    .mapToObj(caller -> InBackground.run(() -> {
                        for (int i = 0; i < 50; i++) {
                            cache.put("k" + i, "v" + caller);
                        }
                    }))
                    .toList();

            assertThat(callers).allSatisfy(caller -> assertThat(caller.result()).isTrue());
            assertThat(database.number(SESSIONS)).isBetween(1L, 3L);
        }
        database.await(SESSIONS, 0);
    }

    @Test
    void pool_whoseConnectionsWereLost_worksAgain(TestDatabase database) {
        try (JCacheNode node = JCacheNode.with(properties(database, "5"))) {
            Cache<String, String> cache = node.cache("lost", TEXTS);
            cache.put("k", "v");
            database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'pool of the test'");

            Awaitility.await().ignoreExceptionsInstanceOf(CacheException.class).until(() -> "v".equals(cache.get("k")));
        }
    }

    @Test
    void manager_withAUrlButWithoutAgroal_saysWhatIsMissing() throws Exception {
        Callable<String> attempt = new LoaderWithout("io.agroal.").create(Attempt.class);

        assertThat(attempt.call()).contains("PGQ8004", "io.agroal:agroal-pool", "'datasource'");
    }

    /** Makes a cache manager; what is wrong with that. */
    public static final class Attempt implements Callable<String> {

        /** For the loader. */
        public Attempt() {}

        @Override
        public String call() {
            Properties properties = new Properties();
            properties.setProperty("url", "jdbc:postgresql://localhost/nowhere");
            try (PostgresCachingProvider provider = new PostgresCachingProvider()) {
                CacheManager made = provider.getCacheManager(null, null, properties);
                return "nothing: made " + made;
            } catch (CacheException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }

    private static Properties properties(TestDatabase database, String size) {
        Properties properties = JCacheNode.properties(database);
        String url = properties.getProperty("url");
        properties.setProperty("url", url + (url.contains("?") ? "&" : "?") + "ApplicationName=pool of the test");
        properties.setProperty("pool-size", size);
        return properties;
    }
}
