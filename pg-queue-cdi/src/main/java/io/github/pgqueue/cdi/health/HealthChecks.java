package io.github.pgqueue.cdi.health;

import io.github.pgqueue.PgQueueManager;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * The checks of one manager, as beans. They have their qualifiers as annotations too, which CDI does not look at: Payara
 * asks only those applications for checks in whose classes it finds one.
 */
public final class HealthChecks {

    private HealthChecks() {}

    /**
     * Adds the checks; the manager is asked for when a check is called.
     *
     * @param user a class of the application, to whose archive they belong
     */
    public static void add(AfterBeanDiscovery event, Class<?> user, Supplier<PgQueueManager> manager) {
        event.addBean(new HealthBean(user, Startup.Literal.INSTANCE, () -> new SchemaHealth(manager)));
        event.addBean(new HealthBean(user, Readiness.Literal.INSTANCE, () -> new ReadyHealth(manager)));
        event.addBean(new HealthBean(user, Liveness.Literal.INSTANCE, () -> new LiveHealth(manager)));
    }
}
