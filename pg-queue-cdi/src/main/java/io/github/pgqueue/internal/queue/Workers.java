package io.github.pgqueue.internal.queue;

import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.Subscription;
import io.github.pgqueue.internal.channel.ListenerHub;
import io.github.pgqueue.internal.channel.Outbox;
import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Payloads;
import io.github.pgqueue.internal.jdbc.WatchedTransactions;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.ThreadKind;
import io.github.pgqueue.queue.WorkerOptions;
import io.github.pgqueue.queue.WorkerStatus;
import io.github.pgqueue.spi.PgQueueListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything about queues that a manager hands out: queues, and workers, which run once the manager has been started. */
public final class Workers implements AutoCloseable {

    private final Database database;
    private final WatchedTransactions connections;
    private final PgQueueConfig config;
    private final Queues queues;
    private final Payloads payloads;
    private final ListenerHub hub;
    private final Outbox outbox;
    private final PgQueueListener listener;
    private final TelemetryGuard telemetry;
    private final ThreadFactory threads;
    private final @Nullable Executor executor;
    private final String node;

    private final List<Registration<?>> registrations = new CopyOnWriteArrayList<>();
    private @Nullable Watch watch;
    private @Nullable Presence presence;
    private boolean started;
    private boolean closed;

    public Workers(
            Database database,
            WatchedTransactions connections,
            PgQueueConfig config,
            Queues queues,
            Payloads payloads,
            ListenerHub hub,
            Outbox outbox,
            PgQueueListener listener,
            TelemetryGuard telemetry,
            ThreadFactory threads,
            @Nullable Executor executor,
            String node) {
        this.database = database;
        this.connections = connections;
        this.config = config;
        this.queues = queues;
        this.payloads = payloads;
        this.hub = hub;
        this.outbox = outbox;
        this.listener = listener;
        this.telemetry = telemetry;
        this.threads = threads;
        this.executor = executor;
        this.node = node;
    }

    /** A queue whose operations join the transactions of the database given, which may be those of one connection. */
    public <T> JobQueue<T> queue(QueueName name, PayloadType<T> type, Database joining) {
        return new DefaultJobQueue<>(name, type, joining, queues, payloads, outbox, listener, telemetry, node);
    }

    /** Registers a worker; it starts now if the manager has been started, else with it. */
    public synchronized <T> Subscription work(
            QueueName name, PayloadType<T> type, WorkerOptions options, JobHandler<T> handler) {
        if (closed) {
            throw new ManagerClosedException("the manager");
        }
        Registration<T> registration = new Registration<>(name, type, options, handler);
        registrations.add(registration);
        if (started) {
            registration.start();
        }
        return registration;
    }

    public synchronized void start() {
        started = true;
        registrations.forEach(Registration::start);
    }

    /** The workers that run. */
    public List<WorkerStatus> status() {
        return loops().stream().<WorkerStatus>map(WorkerLoop::status).toList();
    }

    /** The queues that this node works, or will work from the start on. */
    public Set<QueueName> worked() {
        return config.workersEnabled()
                ? registrations.stream().map(worker -> worker.name).collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    /** The queues whose worker has ended although nobody closed it. */
    public Set<QueueName> dead() {
        return registrations.stream()
                .filter(Registration::dead)
                .map(worker -> worker.name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether jobs run on virtual threads; null if none has run. */
    public @Nullable Boolean virtualThreads() {
        Set<ThreadKind> kinds = status().stream().map(WorkerStatus::threads).collect(Collectors.toSet());
        if (kinds.contains(ThreadKind.VIRTUAL)) {
            return true;
        }
        return kinds.contains(ThreadKind.PLATFORM) ? false : null;
    }

    private List<WorkerLoop<?>> loops() {
        List<WorkerLoop<?>> loops = new ArrayList<>();
        for (Registration<?> registration : registrations) {
            WorkerLoop<?> loop = registration.loop;
            if (loop != null) {
                loops.add(loop);
            }
        }
        return loops;
    }

    @Override
    public void close() {
        @Nullable Watch watching;
        @Nullable Presence present;
        synchronized (this) {
            closed = true;
            watching = watch;
            present = presence;
        }
        Shutdown.of(loops(), config.drainTimeout());
        if (watching != null) {
            watching.close();
        }
        if (present != null) {
            present.close();
        }
        registrations.clear();
    }

    /** With the first worker, and until the last one has ended. */
    private synchronized void watch() {
        if (watch == null) {
            Watch created = new Watch(connections, this::loops, threads);
            created.start();
            watch = created;
            Presence shown =
                    new Presence(database.schema(), Scope.outside(database, outbox), hub, this::loops, threads, node);
            shown.start();
            presence = shown;
        }
    }

    private void forget(Registration<?> registration) {
        registrations.remove(registration);
    }

    /** A worker that waits for the start of the manager, or runs. */
    private final class Registration<T> implements Subscription {

        private final QueueName name;
        private final PayloadType<T> type;
        private final WorkerOptions options;
        private final JobHandler<T> handler;
        private volatile @Nullable WorkerLoop<T> loop;

        Registration(QueueName name, PayloadType<T> type, WorkerOptions options, JobHandler<T> handler) {
            this.name = name;
            this.type = type;
            this.options = options;
            this.handler = handler;
        }

        void start() {
            if (!config.workersEnabled() || loop != null) {
                return;
            }
            QueueStore store = queues.require(name, database.transactions());
            JobEnds ends = new JobEnds(store, payloads, listener, telemetry);
            Scope joined = Scope.joined(database, outbox);
            Scope outside = Scope.outside(database, outbox);
            Integer concurrency = options.concurrency();
            Leases leases = new Leases(store, ends, outside, listener);
            WorkerLoop<T> created = new WorkerLoop<>(
                    store,
                    concurrency == null ? store.config().concurrency() : concurrency,
                    config.drainTimeout(),
                    new JobSource<>(store, type, payloads, ends, outside, listener, node),
                    (claimed, owner) -> new JobRun<>(
                            claimed,
                            handler,
                            options.ownTransaction(),
                            store,
                            ends,
                            database.transactions(),
                            joined,
                            outside,
                            listener,
                            telemetry,
                            owner),
                    leases,
                    new Completions<>(store, outside, leases, listener, telemetry, threads),
                    new Sleeper(store, outside, hub, node),
                    hub,
                    listener,
                    threads,
                    executor);
            watch();
            loop = created;
            created.start();
        }

        boolean dead() {
            WorkerLoop<T> running = loop;
            return running != null && running.ended();
        }

        @Override
        public void close() {
            WorkerLoop<T> running = loop;
            forget(this);
            if (running != null) {
                running.close();
            }
        }
    }
}
