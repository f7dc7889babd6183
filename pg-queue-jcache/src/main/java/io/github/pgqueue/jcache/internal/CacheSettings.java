package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.internal.cache.NearSettings;
import io.github.pgqueue.jcache.PostgresConfiguration;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.cache.CacheException;
import javax.cache.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What properties of a manager say of a cache: {@code caches."<name>".<setting>}, where stars in the name match anything
 * and the longest name that matches wins, setting by setting.
 *
 * @param durable whether it survives a crash
 * @param serializable the classes that Java serialization may be used for
 * @param timeToLive how long entries live of a cache that was created as eternal; null for ever
 * @param near how nodes hold copies of its entries; null if they hold none
 */
record CacheSettings(
        boolean durable,
        Set<String> serializable,
        @Nullable Duration timeToLive,
        @Nullable NearSettings near) {

    private static final String PREFIX = "caches.";
    private static final String DURABLE = "durable";
    private static final String SERIALIZABLE = "serializable";
    private static final String TTL = "ttl";
    private static final String NEAR = "near";
    private static final String NEAR_MAX_ENTRIES = "near-max-entries";
    private static final String NEAR_MAX_STALENESS = "near-max-staleness";
    private static final String NEAR_MISS_TTL = "near-miss-ttl";

    static CacheSettings of(String cache, Properties properties) {
        String serializable = find(cache, SERIALIZABLE, properties);
        return new CacheSettings(
                Boolean.parseBoolean(find(cache, DURABLE, properties)),
                serializable == null
                        ? Set.of()
                        : new TreeSet<>(Arrays.asList(serializable.trim().split("[,\\s]+"))),
                duration(cache, TTL, properties),
                near(cache, Boolean.parseBoolean(find(cache, NEAR, properties)), properties));
    }

    private static @Nullable NearSettings near(String cache, boolean near, Properties properties) {
        if (!near) {
            return null;
        }
        NearSettings defaults = NearSettings.defaults();
        String maxEntries = find(cache, NEAR_MAX_ENTRIES, properties);
        Duration maxStaleness = duration(cache, NEAR_MAX_STALENESS, properties);
        Duration missTtl = duration(cache, NEAR_MISS_TTL, properties);
        try {
            return new NearSettings(
                    maxEntries == null ? defaults.maxEntries() : number(cache, NEAR_MAX_ENTRIES, maxEntries),
                    maxStaleness == null ? defaults.maxStaleness() : maxStaleness,
                    missTtl == null ? defaults.missTtl() : missTtl);
        } catch (ConfigurationException e) {
            throw new CacheException("cache '" + cache + "': " + e.getMessage(), e);
        }
    }

    /** With what the cache's own configuration says. */
    CacheSettings and(Configuration<?, ?> configuration) {
        if (!(configuration instanceof PostgresConfiguration<?, ?> own)) {
            return this;
        }
        Set<String> all = new TreeSet<>(serializable);
        all.addAll(own.getSerializable());
        return new CacheSettings(
                durable || own.isDurable(),
                all,
                timeToLive,
                near == null && own.isNear() ? NearSettings.defaults() : near);
    }

    private static @Nullable String find(String cache, String setting, Properties properties) {
        return properties.stringPropertyNames().stream()
                .filter(key -> key.startsWith(PREFIX) && key.endsWith("." + setting))
                .filter(key -> matches(name(key, setting), cache))
                .max(Comparator.comparingInt(String::length))
                .map(properties::getProperty)
                .orElse(null);
    }

    private static String name(String key, String setting) {
        String name = key.substring(PREFIX.length(), Math.max(PREFIX.length(), key.length() - setting.length() - 1));
        boolean quoted = name.length() > 1 && name.startsWith("\"") && name.endsWith("\"");
        return quoted ? name.substring(1, name.length() - 1) : name;
    }

    private static boolean matches(String name, String cache) {
        String pattern = Arrays.stream(name.split("\\*", -1))
                .map(Pattern::quote)
                .reduce((a, b) -> a + ".*" + b)
                .orElse("");
        return Pattern.compile(pattern, Pattern.DOTALL).matcher(cache).matches();
    }

    private static @Nullable Duration duration(String cache, String setting, Properties properties) {
        String text = find(cache, setting, properties);
        if (text == null) {
            return null;
        }
        try {
            return Duration.parse(text.trim());
        } catch (DateTimeParseException e) {
            throw Problems.badSetting(
                    "the " + setting + " of cache '" + cache + "'", text, "a duration such as PT10M", e);
        }
    }

    private static long number(String cache, String setting, String text) {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            throw Problems.badSetting("the " + setting + " of cache '" + cache + "'", text, "a number", e);
        }
    }
}
