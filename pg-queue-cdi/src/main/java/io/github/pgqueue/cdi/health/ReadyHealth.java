package io.github.pgqueue.cdi.health;

import io.github.pgqueue.NodeStatus;
import io.github.pgqueue.NodeStatus.Lifecycle;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.PgQueueStatus;
import io.github.pgqueue.PgQueueStatus.XminHolder;
import io.github.pgqueue.QueueName;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Readiness: started, not draining, the schema fits and jobs can be claimed. What only makes things slow is data: a
 * listener that is lost (workers poll), the oldest ready jobs, who holds the oldest xmin, prepared transactions.
 */
@Readiness
record ReadyHealth(Supplier<PgQueueManager> manager) implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
        Answer answer = new Answer("pg-queue-ready");
        try {
            return answered(answer, manager.get().status());
        } catch (PgQueueException notMade) {
            return answer.unless(notMade.getMessage()).response();
        }
    }

    private static HealthCheckResponse answered(Answer answer, PgQueueStatus status) {
        NodeStatus node = status.node();
        answer.unless(notStarted(node.lifecycle()))
                .unless(status.schemaProblem())
                .unless(status.claimProblem())
                .with("lifecycle", text(node.lifecycle()))
                .with("listener", text(node.listening()));
        status.oldestReady().entrySet().stream()
                .sorted(Comparator.comparing(
                        (Map.Entry<QueueName, ?> queue) -> queue.getKey().value()))
                .forEach(queue -> answer.with("oldest-ready-seconds." + queue.getKey(), queue.getValue()));
        @Nullable XminHolder xmin = status.oldestXmin();
        if (xmin != null) {
            answer.with("oldest-xmin", xmin.who()).with("oldest-xmin-seconds", xmin.age());
        }
        @Nullable Boolean virtual = node.virtualThreads();
        if (virtual != null) {
            answer.with("virtual-threads", virtual);
        }
        return answer.with("prepared-transactions", status.preparedTransactions())
                .with("oldest-prepared-seconds", status.oldestPrepared())
                .response();
    }

    private static @Nullable String notStarted(Lifecycle lifecycle) {
        return lifecycle == Lifecycle.STARTED ? null : "the manager is " + text(lifecycle);
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
