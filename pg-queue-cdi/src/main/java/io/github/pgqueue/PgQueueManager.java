package io.github.pgqueue;

import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.internal.DefaultPgQueueManager;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.WorkerOptions;
import io.github.pgqueue.queue.WorkerStatus;
import io.github.pgqueue.spi.PayloadCodec;
import io.github.pgqueue.spi.PgQueueListener;
import io.github.pgqueue.spi.Telemetry;
import io.github.pgqueue.spi.Transactions;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The whole library: queues, channels, request-response and caches on one PostgreSQL, in one schema.
 *
 * <p>Made by {@link #builder(DataSource)}; an application usually has one and closes it at its end. Thread-safe.
 *
 * <p>Making one costs nothing and needs no database. The schema is checked at {@link #start()} or with the first
 * operation, whichever comes first. Workers run from {@code start()} on; everything else needs no start. What listens
 * shares one connection, which the manager holds until {@link #close()}.
 */
public interface PgQueueManager extends PgQueueOperations, AutoCloseable {

    /** Starts to build a manager over a data source of PostgreSQL. */
    static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /** The settings of this manager. */
    PgQueueConfig config();

    /** The transactions that its operations join. */
    Transactions transactions();

    /**
     * The same operations inside a JDBC transaction of the caller: they take effect when the caller commits that
     * connection. The library runs single statements on it and never commits, rolls back, closes or changes it.
     * Wake-ups and signals are sent by that very commit. On a connection in autocommit mode they take effect at once.
     */
    PgQueueOperations using(Connection connection);

    /** Creates a queue if there is none of that name. Never joins a transaction; needs the rights of an admin. */
    void createQueue(String name);

    /** Drops a queue with its jobs and dead letters, if there is one. Never joins a transaction. */
    void dropQueue(String name);

    /** The queues that have been created in the schema of this manager, in one look. Never joins a transaction. */
    Set<QueueName> queues();

    /** The workers of this node that run at this moment; looks at no database. */
    List<WorkerStatus> workers();

    /**
     * Works a queue: each job goes to the handler, on up to {@code concurrency} threads of this node. Runs from
     * {@link #start()} on, or at once if the manager has been started.
     */
    default <T> Subscription work(String queue, Class<T> payload, JobHandler<T> handler) {
        return work(queue, PayloadType.of(payload), WorkerOptions.leased(), handler);
    }

    /** The same with options, such as {@link WorkerOptions#transactional()}. */
    default <T> Subscription work(String queue, Class<T> payload, WorkerOptions options, JobHandler<T> handler) {
        return work(queue, PayloadType.of(payload), options, handler);
    }

    /** The same for a generic payload type. */
    <T> Subscription work(String queue, PayloadType<T> payload, WorkerOptions options, JobHandler<T> handler);

    /**
     * Hands each payload that is published on a channel to a consumer, one after the other on a thread of the
     * subscription, from when this returns, whether the manager has been started or not. Signals are delivered at most once; a payload that cannot be read,
     * and an exception of the consumer, is logged and the next one comes.
     */
    default <T> Subscription subscribe(String channel, Class<T> payload, Consumer<? super T> consumer) {
        return subscribe(channel, PayloadType.of(payload), consumer);
    }

    /** The same for a generic payload type. */
    <T> Subscription subscribe(String channel, PayloadType<T> payload, Consumer<? super T> consumer);

    /** The same for the raw text, whoever published it. */
    Subscription subscribe(String channel, Consumer<? super Notification> consumer);

    /** Makes a listener that the caller reads by hand. It shares the manager's one listening connection. */
    PgListener createListener();

    /**
     * Checks or migrates the schema, begins to listen, and starts the workers. Starting twice is harmless.
     *
     * @throws ConfigurationException if the schema does not fit
     */
    void start();

    /**
     * The state of this manager and its database, for health checks and dashboards. Reads only, on a thread and a
     * connection of its own outside of every transaction. Waits at most 800 ms: a database that does not answer by then
     * is part of the result. Calls that come meanwhile share one look. Never throws.
     */
    PgQueueStatus status();

    /** The part of {@link #status()} that needs no database. Never waits. */
    NodeStatus nodeStatus();

    /**
     * Looks for what is wrong with the database, the driver and their configuration: reads catalogs and settings outside
     * of every transaction, in a few statements. The same is done by {@link #start()}, which logs what it finds under
     * {@code io.github.pgqueue.selftest} and starts all the same. Never throws: that it could not look is a finding too.
     */
    List<SelfTestFinding> selfTest();

    /**
     * A part of this manager that is not API, for the other modules of the library. Works by a proxy of CDI too.
     *
     * @throws IllegalArgumentException if it has no such part
     */
    <T> T unwrap(Class<T> type);

    /**
     * Stops: no new job is claimed, running ones get the drain timeout, the rest is interrupted and given back without
     * counting as a failure. Returns when every thread and connection of the manager is gone. Harmless if repeated.
     */
    @Override
    void close();

    /** Collects what a manager is made of; everything but the data source has a default. Not thread-safe. */
    final class Builder {

        private final DataSource dataSource;
        private PgQueueConfig config = PgQueueConfig.defaults();
        private @Nullable Transactions transactions;
        private @Nullable PayloadCodec codec;
        private @Nullable ThreadFactory threads;
        private @Nullable Executor executor;
        private PgQueueListener listener = new PgQueueListener() {};
        private @Nullable Telemetry telemetry;

        private Builder(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        /** The settings; default {@link PgQueueConfig#defaults()}. */
        public Builder config(PgQueueConfig value) {
            this.config = value;
            return this;
        }

        /** The transactions to join; default plain JDBC, where each operation takes effect at once. */
        public Builder transactions(Transactions value) {
            this.transactions = value;
            return this;
        }

        /** How payloads become JSON; default Jackson. */
        public Builder codec(PayloadCodec value) {
            this.codec = value;
            return this;
        }

        /**
         * Makes the threads of loops and workers; default daemon threads. It may refuse one by null or an exception. An
         * interrupt of a loop's thread is a signal to stop.
         */
        public Builder threads(ThreadFactory value) {
            this.threads = value;
            return this;
        }

        /**
         * Runs the jobs, up to the concurrency of their queues at once; default threads of the thread factory. A job that
         * it rejects is given back, uncounted. The manager does not shut it down. The text of each task is a name for it.
         */
        public Builder executor(Executor value) {
            this.executor = value;
            return this;
        }

        /** Is told what happens; default nobody. */
        public Builder listener(PgQueueListener value) {
            this.listener = value;
            return this;
        }

        /** Traces and measures what is done with jobs; default nothing does. */
        public Builder telemetry(Telemetry value) {
            this.telemetry = value;
            return this;
        }

        /** Makes the manager; it does nothing until it is used. */
        public PgQueueManager build() {
            return new DefaultPgQueueManager(
                    dataSource, config, transactions, codec, threads, executor, listener, telemetry);
        }
    }
}
