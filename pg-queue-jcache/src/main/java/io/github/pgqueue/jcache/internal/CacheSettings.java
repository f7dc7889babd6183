package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.jcache.PostgresConfiguration;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.cache.configuration.Configuration;

/** The settings of one cache: what configuration says of its name, else what its creator says. */
final class CacheSettings {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.jcache");

    /**
     * The ends of the names under which Hibernate remembers when a table was last changed. A lost entry there means that
     * it never was, and an old copy that it was not of late, so that old results of queries are taken for new ones.
     */
    private static final List<String> TIMESTAMPS =
            List.of("update-timestamps-region", "UpdateTimestampsCache", "TimestampsRegion");

    private CacheSettings() {}

    /**
     * The settings of a cache that is about to be made.
     *
     * @throws javax.cache.CacheException PGQ8005 if it would lose entries, or hold copies, that it must not
     */
    static CacheConfig of(String cache, PgQueueConfig config, Configuration<?, ?> creator) {
        CacheConfig created = of(creator);
        CacheConfig settings = config.cache(cache);
        Set<String> classes = new TreeSet<>();
        addAll(classes, settings);
        addAll(classes, created);
        settings = settings.orElse(created).withSerializable(classes);
        if (TIMESTAMPS.stream().noneMatch(cache::endsWith)) {
            return settings;
        }
        CacheConfig named = config.caches().getOrDefault(cache, CacheConfig.empty());
        if (outdates(named) || outdates(created)) {
            throw Problems.outdates(cache);
        }
        return outdates(settings) ? keeping(cache, settings) : settings;
    }

    private static CacheConfig of(Configuration<?, ?> creator) {
        return creator instanceof PostgresConfiguration<?, ?> own
                ? CacheConfig.empty()
                        .withDurable(own.isDurable() ? Boolean.TRUE : null)
                        .withMaxEntries(own.getMaxEntries())
                        .withMaxBytes(own.getMaxBytes())
                        .withFailOpen(own.isFailOpen() ? Boolean.TRUE : null)
                        .withRemoteEvents(own.isRemoteEvents() ? Boolean.TRUE : null)
                        .withNear(own.isNear() ? Boolean.TRUE : null)
                        .withSerializable(own.getSerializable())
                : CacheConfig.empty();
    }

    private static void addAll(Set<String> classes, CacheConfig config) {
        Set<String> more = config.serializable();
        if (more != null) {
            classes.addAll(more);
        }
    }

    private static boolean outdates(CacheConfig config) {
        return config.timeToLive() != null
                || config.maxEntries() != null
                || config.maxBytes() != null
                || config.isFailOpen()
                || config.isNear();
    }

    private static CacheConfig keeping(String cache, CacheConfig settings) {
        LOG.log(
                Level.WARNING,
                "the cache {0} must not lose entries: ttl, max-entries, max-bytes, fail-open and near of the patterns"
                        + " that match its name are left out",
                cache);
        return settings.withTimeToLive(null)
                .withMaxEntries(null)
                .withMaxBytes(null)
                .withFailOpen(null)
                .withNear(null);
    }
}
