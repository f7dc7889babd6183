package io.github.pgqueue.it.jcache;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import io.github.pgqueue.shop.database.Database;
import java.net.URI;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;

/** A node: a provider of its own, with a cache manager over a test's database. */
final class JCacheNode implements AutoCloseable {

    private final PostgresCachingProvider provider = new PostgresCachingProvider();
    private final CacheManager manager;

    private JCacheNode(Properties properties) {
        this.manager = provider.getCacheManager(URI.create("pg-queue:test"), null, properties);
    }

    static JCacheNode on(TestDatabase database) {
        return with(properties(database));
    }

    static JCacheNode with(Properties properties) {
        return new JCacheNode(properties);
    }

    /** How to reach the database, to which settings of caches may be added. */
    static Properties properties(TestDatabase test) {
        Database database = test.database();
        Properties properties = new Properties();
        properties.setProperty("url", database.jdbcUrl());
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        properties.setProperty("pool-size", "8");
        return properties;
    }

    CacheManager manager() {
        return manager;
    }

    <K, V> Cache<K, V> cache(String name, Configuration<K, V> configuration) {
        return manager.createCache(name, configuration);
    }

    @Override
    public void close() {
        provider.close();
    }
}
