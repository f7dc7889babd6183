package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.health.HealthChecks;
import io.github.pgqueue.cdi.telemetry.ApplicationTelemetry;
import io.github.pgqueue.cdi.telemetry.ProcessSpan;
import io.github.pgqueue.spi.Telemetry;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What is added where an API is on the class path, and left out where it is not. */
final class OptionalApis {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.cdi");

    private OptionalApis() {}

    /** Adds the health checks of an application that uses the library in that class. */
    static void addHealthChecks(AfterBeanDiscovery event, Class<?> user, Supplier<PgQueueManager> manager) {
        try {
            HealthChecks.add(event, user, manager);
        } catch (NoClassDefFoundError e) {
            LOG.log(Level.DEBUG, "no MicroProfile Health here: there are no health checks");
        }
    }

    /** Telemetry of the application's {@code OpenTelemetry}. */
    static Optional<Telemetry> telemetry(List<BeanManager> managers, ProcessSpan processSpan) {
        try {
            return ApplicationTelemetry.find(managers, processSpan);
        } catch (NoClassDefFoundError e) {
            LOG.log(Level.DEBUG, "no OpenTelemetry here: nothing is traced");
            return Optional.empty();
        } catch (LinkageError e) {
            LOG.log(Level.WARNING, "the OpenTelemetry API here is too old: nothing is traced", e);
            return Optional.empty();
        }
    }
}
