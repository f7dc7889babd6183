package io.github.pgqueue.jcache.annotation.cdi;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import java.util.Optional;
import java.util.stream.Stream;
import javax.cache.CacheManager;
import javax.cache.Caching;

/**
 * Whose caches one application is given, and its annotations use by default: the one place that decides it. Always those of
 * pg-queue, whatever other providers there are, such as that of Payara.
 *
 * <p>It is the application's {@code CacheManager} bean, if that is one of ours; else one over the application's
 * {@code PgQueueManager}; else, where that has no data source, the default manager of our provider, by the system
 * properties of that. Thread-safe.
 */
final class DefaultCacheManager implements AutoCloseable {

    private final Beans beans;
    private final PostgresCachingProvider own = new PostgresCachingProvider();
    private boolean closed;

    DefaultCacheManager(Beans beans) {
        this.beans = beans;
    }

    CacheManager get() {
        return beans.findOfApplication(CacheManager.class)
                .filter(DefaultCacheManager::isOurs)
                .orElseGet(this::own);
    }

    /** The same where the application has no bean, or does not ask for it. */
    CacheManager own() {
        return overPgQueueManager()
                .orElseGet(() -> Caching.getCachingProvider(PostgresCachingProvider.class.getName())
                        .getCacheManager());
    }

    private static boolean isOurs(CacheManager manager) {
        return manager.getCachingProvider() instanceof PostgresCachingProvider;
    }

    private Optional<CacheManager> overPgQueueManager() {
        try {
            return beans.contextual(PgQueueManager.class).map(this::over);
        } catch (ConfigurationException e) {
            if (hasSettings()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The server's default data source, which the provider would take without them, may be another database. */
    private static boolean hasSettings() {
        return Stream.of("pg-queue.jcache.url", "pg-queue.jcache.datasource").anyMatch(key -> {
            String value = System.getProperty(key);
            return value != null && !value.isBlank();
        });
    }

    private synchronized CacheManager over(PgQueueManager manager) {
        if (closed) {
            throw new IllegalStateException("the application has ended");
        }
        return own.getCacheManager(null, null, null, manager);
    }

    /** Closes what was made here. */
    @Override
    public synchronized void close() {
        closed = true;
        own.close();
    }
}
