package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.internal.jdbc.JdbcTransactions;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.Probe;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import java.net.URI;
import java.time.Duration;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A node whose caches are near, which knows how often it has asked the database, and can be stopped after it has. */
final class NearNode implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AskedTransactions asked;
    private final Probe probe = new Probe();
    private final PgQueueManager manager;
    private final PostgresCachingProvider provider = new PostgresCachingProvider();
    private final CacheManager caches;

    private NearNode(DataSource dataSource, ListenConfig listen, Properties properties) {
        PgQueueConfig config = TestNode.quick().withListen(listen);
        this.asked = new AskedTransactions(new JdbcTransactions(dataSource));
        this.manager = PgQueueManager.builder(dataSource)
                .config(config)
                .transactions(asked)
                .listener(probe)
                .build();
        this.caches = provider.getCacheManager(URI.create("pg-queue:near"), null, properties, manager);
    }

    static NearNode on(TestDatabase database) {
        return on(database.dataSource(), ListenConfig.defaults());
    }

    static NearNode on(DataSource dataSource, ListenConfig listen) {
        Properties properties = new Properties();
        properties.setProperty("caches.*.near", "true");
        properties.setProperty("caches.*.near-max-staleness", "PT1H");
        properties.setProperty("caches.*.near-miss-ttl", "PT1H");
        return new NearNode(dataSource, listen, properties);
    }

    static NearNode with(TestDatabase database, Properties properties) {
        return new NearNode(database.dataSource(), ListenConfig.defaults(), properties);
    }

    PgQueueManager manager() {
        return manager;
    }

    Probe probe() {
        return probe;
    }

    CacheManager caches() {
        return caches;
    }

    Cache<String, String> cache(String name) {
        return cache(name, new MutableConfiguration<String, String>().setTypes(String.class, String.class));
    }

    <K, V> Cache<K, V> cache(String name, Configuration<K, V> configuration) {
        return caches.createCache(name, configuration);
    }

    /** How often the database is asked while this runs. */
    long asked(Runnable call) {
        long before = asked.count();
        call.run();
        return asked.count() - before;
    }

    /** Whether a read of this key is one of memory. */
    <K> boolean holds(Cache<K, ?> cache, K key) {
        return asked(() -> cache.get(key)) == 0;
    }

    /** Waits until this node holds what it knows of the key, which it reads for that. */
    <K> void awaitCopy(Cache<K, ?> cache, K key) {
        awaitCopy(() -> cache.get(key));
    }

    /** Waits until a read is one of memory. */
    void awaitCopy(Runnable read) {
        Awaitility.await("a copy")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> asked(read) == 0);
    }

    /** Waits until reads of the key, which make copies, give this. */
    static <K, V> void await(Cache<K, V> cache, K key, @Nullable V value) {
        Awaitility.await(key + " = " + value)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> assertThat(cache.get(key)).isEqualTo(value));
    }

    /** Holds calls in background after the database has answered, with the answer in hand. */
    void holdAnswers(Gate gate) {
        asked.holdAnswers(gate);
    }

    @Override
    public void close() {
        provider.close();
        manager.close();
    }
}
