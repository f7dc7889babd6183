package io.github.pgqueue.cdi.telemetry;

import io.github.pgqueue.spi.Telemetry;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.Optional;

/** Telemetry of the application's own OpenTelemetry, as MicroProfile Telemetry makes it a bean. */
public final class ApplicationTelemetry {

    private ApplicationTelemetry() {}

    /** Empty if there is no {@code OpenTelemetry} bean without a qualifier. */
    public static Optional<Telemetry> find(BeanManager beans, ProcessSpan processSpan) {
        Class<OpenTelemetry> type = OpenTelemetry.class;
        Instance<OpenTelemetry> found = beans.createInstance().select(type);
        return found.isResolvable() ? Optional.of(new MessagingTelemetry(found.get(), processSpan)) : Optional.empty();
    }
}
