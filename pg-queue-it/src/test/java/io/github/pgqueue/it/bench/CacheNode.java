package io.github.pgqueue.it.bench;

import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.ModifiedExpiryPolicy;
import org.awaitility.Awaitility;

/** A node with the JCache provider of pg-queue, over a pool of its own. */
final class CacheNode implements AutoCloseable {

    private static final int SPARE_CONNECTIONS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final AgroalDataSource pool;
    private final PgQueueManager manager;
    private final PostgresCachingProvider provider = new PostgresCachingProvider();
    private final Cache<String, String> cache;

    private CacheNode(TestDatabase database, String cache, boolean near, int clients) throws SQLException {
        this.pool = NarayanaPool.APART.open(database.database(), clients + SPARE_CONNECTIONS, PATIENCE);
        this.manager = PgQueueManager.builder(pool).build();
        manager.start();
        LibraryQueue.warm(pool, clients + SPARE_CONNECTIONS);
        Properties properties = new Properties();
        properties.setProperty("caches.*.near", Boolean.toString(near));
        properties.setProperty("caches.*.near-max-staleness", "PT1H");
        this.cache = provider.getCacheManager(URI.create("pg-queue:bench"), null, properties, manager)
                .createCache(cache, configuration());
    }

    /** A node that asks the database whenever its cache is asked. */
    static CacheNode far(TestDatabase database, String cache, int clients) throws SQLException {
        return new CacheNode(database, cache, /* near= */ false, clients);
    }

    /** A node that holds copies of what it has read. */
    static CacheNode near(TestDatabase database, String cache, int clients) throws SQLException {
        return new CacheNode(database, cache, /* near= */ true, clients);
    }

    /** Texts that expire an hour after they were written. */
    static MutableConfiguration<String, String> configuration() {
        return new MutableConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .setExpiryPolicyFactory(
                        ModifiedExpiryPolicy.factoryOf(new javax.cache.expiry.Duration(TimeUnit.HOURS, 1)));
    }

    Cache<String, String> cache() {
        return cache;
    }

    /** What one would write by hand instead of the cache, on the connections of this node. */
    Entries byHand(String cache) {
        return new RawCache(pool, cache);
    }

    /** Reads again and again until that asks nothing of the database. */
    void awaitCopies(Runnable reads) {
        pool.getConfiguration().setMetricsEnabled(true);
        Awaitility.await("copies")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    long before = pool.getMetrics().acquireCount();
                    reads.run();
                    return pool.getMetrics().acquireCount() == before;
                });
        pool.getConfiguration().setMetricsEnabled(false);
    }

    @Override
    public void close() {
        provider.close();
        manager.close();
        pool.close();
    }
}
