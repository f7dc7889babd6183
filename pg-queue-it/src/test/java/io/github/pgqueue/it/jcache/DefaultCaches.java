package io.github.pgqueue.it.jcache;

import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import io.github.pgqueue.shop.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The default cache manager, of which its user says nothing, over a database of its own for one test class: that is told
 * by system properties. The caches of exceptions that the tests have may serialize them.
 */
public final class DefaultCaches implements BeforeAllCallback, AfterAllCallback, AutoCloseable {

    private final List<String> keys = new ArrayList<>();
    private @Nullable TestDatabase opened;

    /** As a user gets it, who names our provider. */
    public static CacheManager manager() {
        return Caching.getCachingProvider(PostgresCachingProvider.class.getName())
                .getCacheManager();
    }

    /** Makes the database; each setting has a key that could stand among the properties of a manager. */
    public void open(Map<String, String> settings) {
        TestDatabase test = TestDatabase.create();
        opened = test;
        Database database = test.database();
        set("url", database.jdbcUrl());
        set("user", database.user());
        set("password", database.password());
        settings.forEach(this::set);
    }

    private void set(String key, String value) {
        keys.add("pg-queue.jcache." + key);
        System.setProperty("pg-queue.jcache." + key, value);
    }

    @Override
    public void close() {
        if (opened != null) {
            Caching.getCachingProvider(PostgresCachingProvider.class.getName()).close();
            keys.forEach(System::clearProperty);
            opened.close();
            opened = null;
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        open(Map.of(
                "caches.failures.serializable", "exceptions",
                "caches.letter exceptions.serializable", "exceptions",
                "caches.thrown.serializable", "exceptions, io.github.pgqueue.it.jcache.annotation.*"));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }
}
