package io.github.pgqueue.jcache;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.jcache.internal.CacheManagers;
import java.net.URI;
import java.util.Properties;
import javax.cache.CacheManager;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * The JSR-107 provider over the cache of pg-queue. Found by {@code Caching.getCachingProvider()}, or by the name of this
 * class where there are others. Thread-safe.
 *
 * <p>A manager takes its database from properties: {@code datasource}, a JNDI name, by default
 * {@code java:comp/DefaultDataSource}; or {@code url}, {@code user}, {@code password} and {@code pool-size} (10). Beside
 * them {@code schema}, and for each cache or pattern of names the settings of {@link io.github.pgqueue.CacheConfig}, such
 * as {@code caches."<name>".ttl}. With {@code url} the connections are pooled by Agroal, which must be there. They are
 * given with the manager, or stand in the file that its URI names ({@code file:}), or are system properties that begin
 * with {@code pg-queue.jcache.}; a URI may also be the {@code jdbc:} URL or the {@code java:} name itself. Nothing here
 * needs the database to be up.
 *
 * <p>Cache operations never join the caller's transaction. Closing a cache, its manager or the provider keeps the rows;
 * {@code destroyCache} deletes them. Store by reference is not supported.
 */
public final class PostgresCachingProvider implements CachingProvider {

    /** Without any character that an object name gives a meaning to, but the colon. */
    private static final URI DEFAULT_URI = URI.create("pg-queue:default");

    private final CacheManagers managers = new CacheManagers(this);

    /** Made by {@code Caching}, or by hand. */
    public PostgresCachingProvider() {}

    @Override
    public CacheManager getCacheManager(
            @Nullable URI uri, @Nullable ClassLoader loader, @Nullable Properties properties) {
        return managers.manager(orDefault(uri), orDefault(loader), properties);
    }

    @Override
    public CacheManager getCacheManager(@Nullable URI uri, @Nullable ClassLoader loader) {
        return getCacheManager(uri, loader, getDefaultProperties());
    }

    @Override
    public CacheManager getCacheManager() {
        return getCacheManager(getDefaultURI(), getDefaultClassLoader(), getDefaultProperties());
    }

    /**
     * The manager of a URI and class loader over the same database as a PgQueueManager, which stays the caller's to be
     * closed, later than this one. What is there already is returned as it is.
     */
    public CacheManager getCacheManager(
            @Nullable URI uri, @Nullable ClassLoader loader, @Nullable Properties properties, PgQueueManager manager) {
        return managers.manager(orDefault(uri), orDefault(loader), properties, manager);
    }

    private URI orDefault(@Nullable URI uri) {
        return uri == null ? getDefaultURI() : uri;
    }

    private ClassLoader orDefault(@Nullable ClassLoader loader) {
        return loader == null ? getDefaultClassLoader() : loader;
    }

    @Override
    public ClassLoader getDefaultClassLoader() {
        return PostgresCachingProvider.class.getClassLoader();
    }

    @Override
    public URI getDefaultURI() {
        return DEFAULT_URI;
    }

    @Override
    public Properties getDefaultProperties() {
        return new Properties();
    }

    @Override
    public void close() {
        managers.closeAll();
    }

    @Override
    public void close(@Nullable ClassLoader loader) {
        managers.close(orDefault(loader));
    }

    @Override
    public void close(@Nullable URI uri, @Nullable ClassLoader loader) {
        managers.close(orDefault(uri), orDefault(loader));
    }

    @Override
    public boolean isSupported(OptionalFeature feature) {
        return false;
    }
}
