package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.SchemaManagement;
import io.github.pgqueue.Subscription;
import io.github.pgqueue.queue.WorkerOptions;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
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
    private final StartSteps steps = new StartSteps();
    private @Nullable ApplicationManager made;
    private @Nullable LateStart late;
    private boolean started;
    private boolean closed;

    /** Reads the configuration; touches nothing else. */
    public PgQueueRuntime(DeploymentPlan plan, BeanManager beans) {
        this.plan = plan;
        this.beans = beans;
        this.settings = MicroProfileConfig.read(plan.queueNames(), plan.cacheNames());
    }

    /** Everything that keeps the application from being started, in a stable order. */
    public List<ConfigurationException> problems() {
        settings.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
        List<ConfigurationException> problems = new ArrayList<>(plan.problems());
        problems.addAll(settings.problems());
        if (plan.user() != null) {
            problems.addAll(new DataSources(beans, settings).problems());
            problems.addAll(new WorkerParameters(beans).problems(plan.workers()));
            problems.addAll(notListening());
        }
        problems.sort(Comparator.comparing(problem -> String.valueOf(problem.getMessage())));
        return problems;
    }

    /** Whether the application wants health checks. */
    boolean checksHealth() {
        return settings.observing().health();
    }

    /**
     * Before the application's own start: creates the queues it declares, if it is to manage its schema. Where the data
     * source is not bound yet, that is left to the start.
     */
    public void prepare() {
        if (settings.config().schemaManagement() == SchemaManagement.MIGRATE) {
            steps.add(plan.queueNames().stream()
                    .<Runnable>map(queue -> () -> manager().createQueue(queue))
                    .toList());
            try {
                orClose(steps::run);
            } catch (ConfigurationException e) {
                if (!DeploymentErrors.isNotBoundYet(e)) {
                    throw e;
                }
            }
        }
    }

    /**
     * After the application's own start: listens, and works. An application that uses nothing costs nothing. Where the
     * data source is not bound yet, the start goes on in the background.
     */
    public void start() {
        synchronized (this) {
            started = true;
        }
        if (plan.user() == null) {
            return;
        }
        steps.add(startSteps());
        try {
            orClose(steps::run);
        } catch (ConfigurationException e) {
            if (!DeploymentErrors.isNotBoundYet(e)) {
                throw e;
            }
            startLate(e);
        }
    }

    private synchronized void startLate(ConfigurationException reason) {
        ThreadFactory threads = ContainerThreads.find(settings).factory();
        late = new LateStart(steps::run, reason, threads == null ? LateStart::daemon : threads);
    }

    /** The manager, made now if it has not been. While running jobs are waited for, they can still use it. */
    public PgQueueManager manager() {
        return parts().manager();
    }

    /** Stops what runs; harmless if repeated, or if nothing does. */
    @Override
    public void close() {
        @Nullable ApplicationManager last;
        @Nullable LateStart waiting;
        synchronized (this) {
            closed = true;
            last = made;
            waiting = late;
        }
        if (waiting != null) {
            waiting.close();
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

    private List<Runnable> startSteps() {
        List<Runnable> start = new ArrayList<>();
        start.add(() -> manager().start());
        start.add(this::requireQueues);
        plan.observersByChannel().forEach((channel, observers) -> start.add(() -> observe(channel, observers)));
        plan.workers().forEach(worker -> start.add(() -> work(worker, PayloadType.of(worker.payload()))));
        return start;
    }

    private void observe(String channel, List<ObservedChannel> observers) {
        ApplicationManager parts = parts();
        Subscription unused =
                parts.manager().subscribe(channel, new EventBridge(channel, observers, parts.codec(), beans));
    }

    private <T> void work(WorkerMethod worker, PayloadType<T> payload) {
        ApplicationManager parts = parts();
        WorkerCalls calls = new WorkerCalls(
                beans,
                OptionalBeans.find(beans, WorkerRuns.class).orElseThrow(),
                parts.manager().transactions(),
                parts.transactions()::rollbackForgotten);
        Subscription unused = parts.manager()
                .work(worker.queue(), payload, WorkerOptions.leased(), new WorkerInvoker<>(worker, calls));
    }

    /** A queue that nobody created would otherwise be found out by its worker, again and again. */
    private void requireQueues() {
        if (!settings.config().workersEnabled() || plan.workers().isEmpty()) {
            return;
        }
        Set<String> created = manager().queues().stream().map(QueueName::value).collect(Collectors.toSet());
        List<String> missing = plan.workers().stream()
                .map(WorkerMethod::queue)
                .filter(queue -> !created.contains(queue))
                .sorted()
                .toList();
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
            if (!(e instanceof ConfigurationException known && DeploymentErrors.isNotBoundYet(known))) {
                close();
            }
            throw e;
        }
    }
}
