package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.ConfigurationException;
import java.net.URI;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/** What is wrong with the configuration of a manager or cache: what JSR-107 prescribes, with ours as the cause. */
final class Problems {

    private Problems() {}

    static CacheException noDataSource(String name, @Nullable Exception cause) {
        return of(
                "PGQ8001",
                "there is no data source under the JNDI name " + name + ": set the property 'datasource' to the name of"
                        + " one, or 'url', 'user' and 'password', for the cache manager or as system properties that"
                        + " begin with pg-queue.jcache.",
                cause);
    }

    static CacheException unreadableFile(URI file, Exception cause) {
        return of("PGQ8002", "the properties of the cache manager cannot be read from " + file, cause);
    }

    static CacheException badSetting(String key, String value, String rule, Exception cause) {
        return of("PGQ8003", key + " is '" + value + "': " + rule, cause);
    }

    static CacheException noPool(Throwable cause) {
        return of(
                "PGQ8004",
                "the property 'url' needs a pool of connections, which is not there: put io.agroal:agroal-pool and"
                        + " io.agroal:agroal-api beside the cache provider, in a server into its shared library, or set"
                        + " the property 'datasource' to the JNDI name of a data source instead",
                cause);
    }

    static CacheException noDriver(Exception cause) {
        return of(
                "PGQ8004",
                "the property 'url' needs the driver of PostgreSQL, which is not there: put org.postgresql:postgresql"
                        + " beside the cache provider, in a server into its shared library",
                cause);
    }

    static CacheException outdates(String cache) {
        return of(
                "PGQ8005",
                "cache '" + cache + "' is where Hibernate remembers when tables were changed, and a lost entry or an"
                        + " old copy means outdated results of queries: remove its ttl, max-entries, max-bytes,"
                        + " fail-open and near",
                null);
    }

    private static CacheException of(String code, String message, @Nullable Throwable cause) {
        ConfigurationException problem = new ConfigurationException(code, message, cause);
        return new CacheException(problem.getMessage(), problem);
    }
}
