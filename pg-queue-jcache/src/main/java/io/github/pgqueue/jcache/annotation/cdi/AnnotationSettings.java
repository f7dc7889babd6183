package io.github.pgqueue.jcache.annotation.cdi;

import io.github.pgqueue.ConfigurationException;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * What configuration says about the annotations: MicroProfile Config where there is one, else the system properties.
 *
 * @param serverInterceptors whether the server's own interceptors are to do the work, and not ours
 * @param singleFlight whether callers that miss the same key at the same time share one call of the method
 */
record AnnotationSettings(boolean serverInterceptors, boolean singleFlight) {

    private static final String INTERCEPTORS = "pg-queue.cache-annotations.interceptors";
    private static final String SINGLE_FLIGHT = "pg-queue.cache-annotations.single-flight";

    static AnnotationSettings read() {
        return new AnnotationSettings(
                isSecond(INTERCEPTORS, "pg-queue", "server"), !isSecond(SINGLE_FLIGHT, "true", "false"));
    }

    /** Whether the key has the second of its two values; the first is the default. */
    private static boolean isSecond(String key, String first, String second) {
        String value = value(key).map(String::strip).orElse(first);
        if (!value.equals(first) && !value.equals(second)) {
            throw new ConfigurationException(
                    "PGQ7110", key + "=" + value + ": one of these is expected: " + first + ", " + second);
        }
        return value.equals(second);
    }

    private static Optional<String> value(String key) {
        try {
            return MicroProfile.value(key);
        } catch (NoClassDefFoundError | IllegalStateException e) {
            return Optional.ofNullable(System.getProperty(key));
        }
    }

    /** The API may be absent: only this class touches it. */
    private static final class MicroProfile {

        static Optional<String> value(String key) {
            return ConfigProvider.getConfig().getOptionalValue(key, String.class);
        }
    }
}
