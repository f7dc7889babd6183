package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.jcache.PostgresConfiguration;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.cache.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What properties of a manager say of a cache: {@code caches."<name>".<setting>}, where stars in the name match anything
 * and the longest name that matches wins, setting by setting.
 *
 * @param durable whether it survives a crash
 * @param serializable the classes that Java serialization may be used for
 * @param timeToLive how long entries live of a cache that was created as eternal; null for ever
 */
record CacheSettings(
        boolean durable, Set<String> serializable, @Nullable Duration timeToLive) {

    private static final String PREFIX = "caches.";
    private static final String DURABLE = "durable";
    private static final String SERIALIZABLE = "serializable";
    private static final String TTL = "ttl";

    static CacheSettings of(String cache, Properties properties) {
        String serializable = find(cache, SERIALIZABLE, properties);
        return new CacheSettings(
                Boolean.parseBoolean(find(cache, DURABLE, properties)),
                serializable == null
                        ? Set.of()
                        : new TreeSet<>(Arrays.asList(serializable.trim().split("[,\\s]+"))),
                duration(cache, find(cache, TTL, properties)));
    }

    /** With what the cache's own configuration says. */
    CacheSettings and(Configuration<?, ?> configuration) {
        if (!(configuration instanceof PostgresConfiguration<?, ?> own)) {
            return this;
        }
        Set<String> all = new TreeSet<>(serializable);
        all.addAll(own.getSerializable());
        return new CacheSettings(durable || own.isDurable(), all, timeToLive);
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

    private static @Nullable Duration duration(String cache, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Duration.parse(text.trim());
        } catch (DateTimeParseException e) {
            throw Problems.badSetting("the ttl of cache '" + cache + "'", text, "a duration such as PT10M", e);
        }
    }
}
