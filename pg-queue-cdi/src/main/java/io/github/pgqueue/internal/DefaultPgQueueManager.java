package io.github.pgqueue.internal;

import io.github.pgqueue.ManagerClosedException;
import io.github.pgqueue.NodeStatus;
import io.github.pgqueue.NodeStatus.Lifecycle;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.PgQueueOperations;
import io.github.pgqueue.PgQueueStatus;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.SelfTestFinding;
import io.github.pgqueue.Subscription;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.internal.cache.CacheHost;
import io.github.pgqueue.internal.cache.CacheStore;
import io.github.pgqueue.internal.cache.CacheTable;
import io.github.pgqueue.internal.cache.Caches;
import io.github.pgqueue.internal.channel.Channels;
import io.github.pgqueue.internal.channel.ListenerHub;
import io.github.pgqueue.internal.channel.Outbox;
import io.github.pgqueue.internal.jdbc.ConnectionTransactions;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.JdbcTransactions;
import io.github.pgqueue.internal.jdbc.Payloads;
import io.github.pgqueue.internal.jdbc.WatchedTransactions;
import io.github.pgqueue.internal.queue.Queues;
import io.github.pgqueue.internal.queue.TelemetryGuard;
import io.github.pgqueue.internal.queue.Workers;
import io.github.pgqueue.internal.rpc.Requests;
import io.github.pgqueue.internal.schema.SchemaCheck;
import io.github.pgqueue.internal.status.SelfTest;
import io.github.pgqueue.internal.status.StatusCheck;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.WorkerOptions;
import io.github.pgqueue.queue.WorkerStatus;
import io.github.pgqueue.rpc.RequestResponse;
import io.github.pgqueue.spi.PayloadCodec;
import io.github.pgqueue.spi.PgQueueListener;
import io.github.pgqueue.spi.Telemetry;
import io.github.pgqueue.spi.Transactions;
import io.github.pgqueue.spi.jackson.JacksonPayloadCodec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Wires the parts together, and starts and stops them in order. */
public final class DefaultPgQueueManager implements PgQueueManager {

    private static final Logger LOG = System.getLogger("io.github.pgqueue");

    private final PgQueueConfig config;
    private final Transactions transactions;
    private final ThreadFactory threads;
    private final Database database;
    private final PayloadCodec codec;
    private final Queues queues;
    private final ListenerHub hub;
    private final Outbox outbox;
    private final Channels channels;
    private final Workers workers;
    private final Requests requests;
    private final Caches caches;
    private final CacheChanges cacheChanges = new CacheChanges();
    private final CacheHost cacheHost = new Host();
    private final StatusCheck statusCheck;
    private final SelfTest selfTest;
    private @Nullable Housekeeping housekeeping;
    private volatile boolean closed;
    private volatile Lifecycle lifecycle = Lifecycle.CREATED;

    public DefaultPgQueueManager(
            DataSource dataSource,
            PgQueueConfig config,
            @Nullable Transactions transactions,
            @Nullable PayloadCodec codec,
            @Nullable ThreadFactory threads,
            @Nullable Executor executor,
            PgQueueListener listener,
            @Nullable Telemetry telemetry) {
        String node = NodeName.create();
        this.config = config;
        this.transactions = transactions == null ? new JdbcTransactions(dataSource, config.notifyMode()) : transactions;
        this.threads = new RefusingThreads(threads == null ? RefusingThreads::daemon : threads);
        WatchedTransactions connections = new WatchedTransactions(this.transactions);
        SchemaCheck schemaCheck = new SchemaCheck(this.transactions, dataSource, config);
        this.database = new Database(connections, schemaCheck);
        TelemetryGuard guard = new TelemetryGuard(telemetry);
        this.codec = codec == null ? new JacksonPayloadCodec() : codec;
        Payloads payloads = new Payloads(this.codec, config.maxPayloadBytes());
        this.queues = new Queues(database, config);
        this.outbox = new Outbox(database, this.threads);
        this.hub = new ListenerHub(database, dataSource, config.listen(), listener, this.threads, node);
        this.channels = new Channels(
                database, payloads, config.maxPayloadBytes(), hub, outbox, config.drainTimeout(), this.threads);
        this.workers = new Workers(
                database,
                connections,
                config,
                queues,
                payloads,
                hub,
                outbox,
                listener,
                guard,
                this.threads,
                executor,
                node);
        this.requests = new Requests(
                database, queues, payloads, hub, outbox, config.requestTimeout(), guard, this.threads, node);
        this.caches = new Caches(database, payloads, config::cache, this::hearCacheChanges, this.threads);
        this.statusCheck = new StatusCheck(this.transactions, schemaCheck, queues::used, workers::worked, this.threads);
        this.selfTest = new SelfTest(
                this.transactions,
                dataSource,
                schemaCheck,
                /* managed= */ transactions != null,
                SelfTest.Limits.DEFAULT);
    }

    private void hearCacheChanges() {
        cacheChanges.hear(hub, caches);
    }

    @Override
    public PgQueueConfig config() {
        return config;
    }

    @Override
    public Transactions transactions() {
        return transactions;
    }

    @Override
    public <T> JobQueue<T> queue(String name, PayloadType<T> payload) {
        return workers.queue(new QueueName(name), payload, database);
    }

    @Override
    public <T> EventChannel<T> channel(String name, PayloadType<T> payload) {
        return channels.channel(name, database);
    }

    @Override
    public PgCache cache(String name) {
        return caches.cache(name);
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        if (type.isInstance(cacheHost)) {
            return type.cast(cacheHost);
        }
        throw new IllegalArgumentException("the manager has no " + type.getName());
    }

    /** Not the manager itself: a proxy of that would return itself in its place. */
    private final class Host implements CacheHost {

        @Override
        public CacheStore cacheStore(CacheTable table) {
            return caches.store(table);
        }

        @Override
        public PayloadCodec payloadCodec() {
            return codec;
        }

        @Override
        public ThreadFactory threads() {
            return threads;
        }
    }

    @Override
    public RequestResponse requestResponse() {
        return requests.requestResponse(database);
    }

    @Override
    public PgQueueOperations using(Connection connection) {
        Database joining = new Database(new ConnectionTransactions(connection, transactions), database::binding);
        return new PgQueueOperations() {
            @Override
            public <T> JobQueue<T> queue(String name, PayloadType<T> payload) {
                return workers.queue(new QueueName(name), payload, joining);
            }

            @Override
            public <T> EventChannel<T> channel(String name, PayloadType<T> payload) {
                return channels.channel(name, joining);
            }

            @Override
            public PgCache cache(String name) {
                return caches.cache(name);
            }

            @Override
            public RequestResponse requestResponse() {
                return requests.requestResponse(joining);
            }
        };
    }

    @Override
    public void createQueue(String name) {
        queues.create(new QueueName(name));
    }

    @Override
    public void dropQueue(String name) {
        queues.drop(new QueueName(name));
    }

    @Override
    public Set<QueueName> queues() {
        return queues.all();
    }

    @Override
    public List<WorkerStatus> workers() {
        return workers.status();
    }

    @Override
    public <T> Subscription work(String queue, PayloadType<T> payload, WorkerOptions options, JobHandler<T> handler) {
        QueueName name = new QueueName(queue);
        if (lifecycle == Lifecycle.STARTED && config.workersEnabled()) {
            // The start could not know of it.
            selfTest.log(selfTest.findings(database.schema(), name));
        }
        return workers.work(name, payload, options, handler);
    }

    @Override
    public <T> Subscription subscribe(String channel, PayloadType<T> payload, Consumer<? super T> consumer) {
        return channels.subscribe(channel, payload, consumer);
    }

    @Override
    public Subscription subscribe(String channel, Consumer<? super Notification> consumer) {
        return channels.subscribe(channel, consumer);
    }

    @Override
    public PgListener createListener() {
        return channels.listener();
    }

    @Override
    public synchronized void start() {
        if (closed) {
            throw new ManagerClosedException("the manager");
        }
        if (housekeeping == null) {
            database.binding();
            selfTest.log(selfTest());
            statusCheck.start();
            workers.start();
            Housekeeping chores = new Housekeeping(
                    config.housekeepingInterval(),
                    List.of(caches::sweep, caches::evict, queues::expire, requests::cleanup, channels::purge),
                    threads);
            housekeeping = chores;
            caches.evictBy(chores::soon);
            lifecycle = Lifecycle.STARTED;
            LOG.log(Level.INFO, "started in schema {0}", database.schema().value());
        }
    }

    @Override
    public PgQueueStatus status() {
        return statusCheck.status(nodeStatus());
    }

    @Override
    public NodeStatus nodeStatus() {
        return new NodeStatus(lifecycle, hub.state(), closed ? List.of() : dead(), workers.virtualThreads());
    }

    private List<String> dead() {
        List<String> dead = new ArrayList<>();
        workers.dead().stream()
                .map(queue -> "worker of queue " + queue)
                .sorted()
                .forEach(dead::add);
        if (hub.ended()) {
            dead.add("listener");
        }
        if (outbox.ended()) {
            dead.add("outbox");
        }
        return dead;
    }

    @Override
    public List<SelfTestFinding> selfTest() {
        return selfTest.findings(queues.used(), workers.worked());
    }

    /** First those who make work, then those who carry signals, so that the last wake-ups are still sent. */
    @Override
    public void close() {
        Housekeeping running;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            lifecycle = Lifecycle.DRAINING;
            running = housekeeping;
        }
        workers.close();
        caches.close();
        channels.close();
        requests.close();
        outbox.close();
        hub.close();
        statusCheck.close();
        if (running != null) {
            running.close();
            LOG.log(Level.INFO, "stopped");
        }
        lifecycle = Lifecycle.CLOSED;
    }
}
