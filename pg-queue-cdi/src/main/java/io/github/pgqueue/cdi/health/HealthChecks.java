package io.github.pgqueue.cdi.health;

import io.github.pgqueue.PgQueueManager;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import java.lang.annotation.Annotation;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * The checks of one manager, as beans. They have their qualifiers as annotations too, which CDI does not look at: Payara
 * asks only those applications for checks in whose classes it finds one.
 */
public final class HealthChecks {

    private HealthChecks() {}

    /** Adds the checks; the manager is asked for when a check is called. */
    public static void add(AfterBeanDiscovery event, Supplier<PgQueueManager> manager) {
        add(event, Startup.Literal.INSTANCE, () -> new SchemaHealth(manager));
        add(event, Readiness.Literal.INSTANCE, () -> new ReadyHealth(manager));
        add(event, Liveness.Literal.INSTANCE, () -> new LiveHealth(manager));
    }

    private static void add(AfterBeanDiscovery event, Annotation kind, Supplier<HealthCheck> check) {
        event.addBean()
                .id("pg-queue health " + kind.annotationType().getName())
                .beanClass(HealthChecks.class)
                .types(HealthCheck.class, Object.class)
                .qualifiers(kind, Any.Literal.INSTANCE)
                .scope(ApplicationScoped.class)
                .createWith(context -> check.get());
    }
}
