package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.QueueNotFoundException;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.queue.WorkerOptions;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has one manager do what the plan says. The manager is made when it is first used and lives until the application ends;
 * nothing runs before the start.
 */
public final class PgQueueRuntime implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.github.pgqueue.cdi");

    private final DeploymentPlan plan;
    private final BeanManager beans;
    private final Settings settings;
    private @Nullable ApplicationManager made;
    private boolean started;
    private boolean closed;

    /** Reads the configuration; touches nothing else. */
    public PgQueueRuntime(DeploymentPlan plan, BeanManager beans) {
        this.plan = plan;
        this.beans = beans;
        this.settings = MicroProfileConfig.read(plan.queueNames());
    }

    /** Everything that keeps the application from being started, in a stable order. */
    public List<ConfigurationException> problems() {
        settings.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
        List<ConfigurationException> problems = new ArrayList<>(plan.problems());
        problems.addAll(settings.problems());
        if (plan.used()) {
            problems.addAll(new DataSources(beans, settings).problems());
            problems.addAll(new WorkerParameters(beans).problems(plan.workers()));
            problems.addAll(notListening());
        }
        problems.sort(Comparator.comparing(problem -> String.valueOf(problem.getMessage())));
        return problems;
    }

    /** Whether the application wants health checks and has something to check. */
    boolean checksHealth() {
        return plan.used() && settings.observing().health();
    }

    /** Before the application's own start: creates the queues it declares, if it is to manage its schema. */
    public void prepare() {
        if (settings.config().schemaManagement() == SchemaManagement.MIGRATE) {
            orClose(() -> plan.queueNames().forEach(queue -> manager().createQueue(queue)));
        }
    }

    /** After the application's own start: listens, and works. An application that uses nothing costs nothing. */
    public void start() {
        synchronized (this) {
            started = true;
        }
        if (plan.used()) {
            orClose(() -> run(parts()));
        }
    }

    /** The manager, made now if it has not been. While running jobs are waited for, they can still use it. */
    public PgQueueManager manager() {
        return parts().manager();
    }

    /** Stops what runs; harmless if repeated, or if nothing does. */
    @Override
    public void close() {
        @Nullable ApplicationManager last;
        synchronized (this) {
            closed = true;
            last = made;
        }
        if (last != null) {
            last.close();
        }
    }

    private synchronized ApplicationManager parts() {
        if (made != null) {
            return made;
        }
        if (closed) {
            throw new ManagerClosedException("the manager of this application");
        }
        ApplicationManager parts = ApplicationManager.make(beans, settings);
        made = parts;
        if (started) {
            parts.manager().start();
        }
        return parts;
    }

    private void run(ApplicationManager parts) {
        PgQueueManager manager = parts.manager();
        manager.start();
        requireQueues(manager);
        plan.observersByChannel()
                .forEach((channel, observers) ->
                        manager.subscribe(channel, new EventBridge(channel, observers, parts.codec(), beans)));
        WorkerCalls calls = new WorkerCalls(
                beans,
                OptionalBeans.find(beans, WorkerRuns.class).orElseThrow(),
                manager.transactions(),
                parts.transactions()::rollbackForgotten);
        plan.workers().forEach(worker -> work(manager, worker, PayloadType.of(worker.payload()), calls));
    }

    private <T> void work(PgQueueManager manager, WorkerMethod worker, PayloadType<T> payload, WorkerCalls calls) {
        manager.work(worker.queue(), payload, WorkerOptions.leased(), new WorkerInvoker<>(worker, calls));
    }

    /** A queue that nobody created would otherwise be found out by its worker, again and again. */
    private void requireQueues(PgQueueManager manager) {
        if (!settings.config().workersEnabled()) {
            return;
        }
        List<QueueNotFoundException> missing = new ArrayList<>();
        for (WorkerMethod worker : plan.workers()) {
            try {
                manager.queue(worker.queue(), PayloadType.of(worker.payload())).pendingCount();
            } catch (QueueNotFoundException e) {
                missing.add(e);
            }
        }
        if (!missing.isEmpty()) {
            throw DeploymentErrors.queuesMissing(missing);
        }
    }

    private List<ConfigurationException> notListening() {
        if (settings.config().listen().enabled()) {
            return List.of();
        }
        return plan.observersByChannel().entrySet().stream()
                .map(channel -> DeploymentErrors.notListening(
                        channel.getKey(),
                        channel.getValue().stream().map(ObservedChannel::where).toList()))
                .toList();
    }

    /** An application that did not start leaves nothing behind. */
    private void orClose(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }
}
