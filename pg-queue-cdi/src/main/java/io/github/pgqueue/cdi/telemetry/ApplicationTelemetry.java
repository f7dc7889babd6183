package io.github.pgqueue.cdi.telemetry;

import io.github.pgqueue.spi.Telemetry;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.List;
import java.util.Optional;

/** Telemetry of the application's own OpenTelemetry, as MicroProfile Telemetry makes it a bean. */
public final class ApplicationTelemetry {

    private ApplicationTelemetry() {}

    /** Empty if none of the managers knows one {@code OpenTelemetry} bean without a qualifier. */
    public static Optional<Telemetry> find(List<BeanManager> managers, ProcessSpan processSpan) {
        Class<OpenTelemetry> type = OpenTelemetry.class;
        return managers.stream()
                .map(manager -> manager.createInstance().select(type))
                .filter(Instance::isResolvable)
                .findFirst()
                .map(found -> new MessagingTelemetry(found.get(), processSpan));
    }
}
