package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.PgQueueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Applies the values of keys one by one, and collects what cannot be applied. */
final class ConfigReader {

    private final ConfigValues values;
    private final List<ConfigurationException> problems = new ArrayList<>();

    ConfigReader(ConfigValues values) {
        this.values = values;
    }

    List<ConfigurationException> problems() {
        return problems;
    }

    /** What the values of all these keys make of the start; a value that is a problem changes nothing. */
    <C> C applied(C start, String prefix, Map<String, BiFunction<C, String, C>> keys) {
        C config = start;
        for (Map.Entry<String, BiFunction<C, String, C>> key : keys.entrySet()) {
            config = applied(config, prefix + key.getKey(), key.getValue());
        }
        return config;
    }

    /** The value of a key, if it has one. */
    @Nullable
    String text(String key) {
        try {
            return values.value(key).map(String::strip).orElse(null);
        } catch (RuntimeException e) {
            // An expression that cannot be resolved, or a source that failed.
            problems.add(DeploymentErrors.badValue(key, "the value cannot be read", e));
            return null;
        }
    }

    /** The messages of the library's own exceptions name the value where it may be shown. */
    void problem(String key, PgQueueException reason) {
        problems.add(DeploymentErrors.badValue(key, String.valueOf(reason.getMessage()), reason));
    }

    private <C> C applied(C config, String key, BiFunction<C, String, C> change) {
        String value = text(key);
        if (value == null) {
            return config;
        }
        try {
            return change.apply(config, value);
        } catch (PgQueueException e) {
            problem(key, e);
        } catch (IllegalArgumentException e) {
            problems.add(DeploymentErrors.badValue(key + "=" + value, String.valueOf(e.getMessage()), null));
        }
        return config;
    }
}
