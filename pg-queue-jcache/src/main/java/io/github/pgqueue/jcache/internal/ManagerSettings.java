package io.github.pgqueue.jcache.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a manager, from weakest to strongest: system properties that begin with {@code pg-queue.jcache.},
 * the file that its URI names, the properties that were given with it. A {@code jdbc:} URI is itself the property
 * {@code url}, a {@code java:} URI {@code datasource}.
 */
final class ManagerSettings {

    private static final String SYSTEM_PREFIX = "pg-queue.jcache.";

    private ManagerSettings() {}

    static Properties of(URI uri, @Nullable Properties given) {
        Properties properties = new Properties();
        for (String key : System.getProperties().stringPropertyNames()) {
            if (key.startsWith(SYSTEM_PREFIX)) {
                properties.setProperty(key.substring(SYSTEM_PREFIX.length()), System.getProperty(key, ""));
            }
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        switch (scheme) {
            case "file" -> load(uri, properties);
            case "java" -> properties.setProperty("datasource", uri.toString());
            case "jdbc" -> properties.setProperty("url", uri.toString());
            default -> {}
        }
        if (given != null) {
            given.stringPropertyNames().forEach(key -> properties.setProperty(key, given.getProperty(key)));
        }
        return properties;
    }

    private static void load(URI file, Properties properties) {
        try (InputStream in = file.toURL().openStream()) {
            properties.load(in);
        } catch (IOException e) {
            throw Problems.unreadableFile(file, e);
        }
    }
}
