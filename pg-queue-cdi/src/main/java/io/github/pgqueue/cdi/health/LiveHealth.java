package io.github.pgqueue.cdi.health;

import io.github.pgqueue.NodeStatus;
import io.github.pgqueue.NodeStatus.Lifecycle;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.PgQueueManager;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.jspecify.annotations.Nullable;

/** Liveness: down only for what a restart cures. Asks no database, which a restart would not cure. */
@Liveness
record LiveHealth(Supplier<PgQueueManager> manager) implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
        Answer answer = new Answer("pg-queue-live");
        try {
            return answer.unless(problem(manager.get().nodeStatus())).response();
        } catch (PgQueueException notMade) {
            // A data source that is not there yet is no reason to restart.
            return answer.response();
        }
    }

    private static @Nullable String problem(NodeStatus node) {
        if (node.lifecycle() == Lifecycle.CLOSED) {
            return "the manager is closed, though the application runs";
        }
        return node.deadThreads().isEmpty() ? null : "died: " + String.join(", ", node.deadThreads());
    }
}
