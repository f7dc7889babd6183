package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What properties of a manager say of caches: {@code caches."<name>".<setting>}, where the name may be a pattern. It is
 * added to what the configuration below says, and wins where both speak of the same name.
 */
final class CacheProperties {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.jcache");
    private static final String PREFIX = "caches.";

    /** Each setting and what its value changes. */
    private static final Map<String, BiFunction<CacheConfig, String, CacheConfig>> SETTINGS =
            new TreeMap<>(Map.ofEntries(
                    Map.entry("ttl", (c, v) -> c.withTimeToLive(duration(v))),
                    Map.entry("refresh-ahead", (c, v) -> c.withRefreshAhead(duration(v))),
                    Map.entry("stale-while-revalidate", (c, v) -> c.withStaleWhileRevalidate(duration(v))),
                    Map.entry("durable", (c, v) -> c.withDurable(bool(v))),
                    Map.entry("max-entries", (c, v) -> c.withMaxEntries(count(v))),
                    Map.entry("max-bytes", (c, v) -> c.withMaxBytes(count(v))),
                    Map.entry("fail-open", (c, v) -> c.withFailOpen(bool(v))),
                    Map.entry("remote-events", (c, v) -> c.withRemoteEvents(bool(v))),
                    Map.entry("near", (c, v) -> c.withNear(bool(v))),
                    Map.entry("near-max-entries", (c, v) -> c.withNearMaxEntries(count(v))),
                    Map.entry("near-max-staleness", (c, v) -> c.withNearMaxStaleness(duration(v))),
                    Map.entry("near-miss-ttl", (c, v) -> c.withNearMissTtl(duration(v))),
                    Map.entry("serializable", (c, v) -> c.withSerializable(words(v)))));

    private CacheProperties() {}

    static PgQueueConfig added(Properties properties, PgQueueConfig below) {
        PgQueueConfig config = below;
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            if (key.startsWith(PREFIX)) {
                config = added(key, properties.getProperty(key), config);
            }
        }
        return config;
    }

    private static PgQueueConfig added(String key, String value, PgQueueConfig config) {
        return SETTINGS.entrySet().stream()
                .filter(setting ->
                        key.length() > PREFIX.length() + setting.getKey().length() + 1)
                .filter(setting -> key.endsWith("." + setting.getKey()))
                .max(Comparator.comparingInt(setting -> setting.getKey().length()))
                .map(setting -> config.withCache(
                        name(key, setting.getKey()), so -> changed(so, key, value.strip(), setting.getValue())))
                .orElseGet(() -> {
                    String known = String.join(", ", SETTINGS.keySet());
                    LOG.log(Level.WARNING, "the property {0} is unknown; what a cache has is one of: {1}", key, known);
                    return config;
                });
    }

    private static CacheConfig changed(
            CacheConfig config, String key, String value, BiFunction<CacheConfig, String, CacheConfig> change) {
        try {
            return change.apply(config, value);
        } catch (PgQueueException | IllegalArgumentException e) {
            throw Problems.badSetting(key, value, String.valueOf(e.getMessage()), e);
        }
    }

    private static String name(String key, String setting) {
        String name = key.substring(PREFIX.length(), key.length() - setting.length() - 1);
        boolean quoted = name.length() > 1 && name.startsWith("\"") && name.endsWith("\"");
        return quoted ? name.substring(1, name.length() - 1) : name;
    }

    private static Duration duration(String text) {
        return read(text, Duration::parse, "a duration such as PT10M is expected");
    }

    private static long count(String text) {
        return read(text, Long::parseLong, "a whole number is expected");
    }

    private static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false is expected");
        };
    }

    private static Set<String> words(String text) {
        return Arrays.stream(text.split("[,\\s]+")).collect(Collectors.toSet());
    }

    private static <T> T read(String text, Function<String, T> reader, String rule) {
        try {
            return reader.apply(text);
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new IllegalArgumentException(rule, e);
        }
    }
}
