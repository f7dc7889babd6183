package io.github.pgqueue.cdi.health;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.jspecify.annotations.Nullable;

/**
 * Collects the answer of a check. Data is what the specification knows: text, whole numbers, booleans. The response is
 * made by its constructor: the builder asks a provider for help that only a server has.
 */
final class Answer {

    private final String name;
    private final Map<String, Object> data = new LinkedHashMap<>();
    private boolean up = true;

    Answer(String name) {
        this.name = name;
    }

    /** Down, and why, unless there is no problem. */
    Answer unless(@Nullable String problem) {
        if (problem != null) {
            up = false;
            data.putIfAbsent("problem", problem);
        }
        return this;
    }

    Answer with(String key, String value) {
        data.put(key, value);
        return this;
    }

    Answer with(String key, boolean value) {
        data.put(key, value);
        return this;
    }

    /** Left out if it is not known. */
    Answer with(String key, @Nullable Number value) {
        if (value != null) {
            data.put(key, value.longValue());
        }
        return this;
    }

    /** In whole seconds; left out if it is not known. */
    Answer with(String key, @Nullable Duration value) {
        return with(key, value == null ? null : value.toSeconds());
    }

    HealthCheckResponse response() {
        return new HealthCheckResponse(
                name,
                up ? HealthCheckResponse.Status.UP : HealthCheckResponse.Status.DOWN,
                data.isEmpty() ? Optional.empty() : Optional.of(data));
    }
}
