package io.github.pgqueue.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.cache.Cache;
import javax.cache.Caching;
import javax.cache.spi.CachingProvider;

/**
 * A cache of Redisson's JCache provider on a Redis of our own. Redisson is on the class path of the profile {@code bench}
 * only, so that no test meets a second provider; here it is known by the name of its provider.
 */
final class RedissonCache implements AutoCloseable {

    private static final String PROVIDER = "org.redisson.jcache.JCachingProvider";

    private final RedisServer redis;
    private final CachingProvider provider;
    private final Cache<String, String> cache;

    private RedissonCache(RedisServer redis, CachingProvider provider, Cache<String, String> cache) {
        this.redis = redis;
        this.provider = provider;
        this.cache = cache;
    }

    /** What is missing for it; empty if nothing is. */
    static Optional<String> missing() {
        if (RedisServer.program().isEmpty()) {
            return Optional.of("there is no redis-server on the PATH (Debian package redis-server)");
        }
        return isPresent() ? Optional.empty() : Optional.of("Redisson comes with the Maven profile bench only");
    }

    private static boolean isPresent() {
        try {
            return Class.forName(PROVIDER, false, RedissonCache.class.getClassLoader()) != null;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    static RedissonCache open(String name) throws IOException {
        RedisServer redis = RedisServer.start(RedisServer.program().orElseThrow());
        Path settings = Files.writeString(
                redis.directory().resolve("redisson.yaml"),
                "singleServerConfig:\n  address: \"" + redis.url() + "\"\n");
        CachingProvider provider = Caching.getCachingProvider(PROVIDER);
        Cache<String, String> cache =
                provider.getCacheManager(settings.toUri(), null).createCache(name, CacheNode.configuration());
        return new RedissonCache(redis, provider, cache);
    }

    Cache<String, String> cache() {
        return cache;
    }

    @Override
    public void close() {
        provider.close();
        redis.close();
    }
}
