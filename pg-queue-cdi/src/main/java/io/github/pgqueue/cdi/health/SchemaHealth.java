package io.github.pgqueue.cdi.health;

import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.PgQueueManager;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** At startup: the database is there, and its schema fits. */
@Startup
record SchemaHealth(Supplier<PgQueueManager> manager) implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
        Answer answer = new Answer("pg-queue-schema");
        try {
            return answer.unless(manager.get().status().schemaProblem()).response();
        } catch (PgQueueException notMade) {
            return answer.unless(notMade.getMessage()).response();
        }
    }
}
