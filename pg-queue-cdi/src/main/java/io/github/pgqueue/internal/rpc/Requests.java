package io.github.pgqueue.internal.rpc;

import io.github.pgqueue.internal.channel.ListenerHub;
import io.github.pgqueue.internal.channel.Outbox;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.Payloads;
import io.github.pgqueue.internal.queue.Queues;
import io.github.pgqueue.internal.queue.TelemetryGuard;
import io.github.pgqueue.rpc.RequestResponse;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/** Everything about requests that a manager hands out. */
public final class Requests implements AutoCloseable {

    /** How long a request is kept whose caller did not take it away; a late answer may still be under way. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** As far as an interval reaches for certain. */
    private static final Duration OLDEST = Duration.ofDays(36_500);

    private final Database database;
    private final Queues queues;
    private final Payloads payloads;
    private final Outbox outbox;
    private final Duration defaultTimeout;
    private final TelemetryGuard telemetry;
    private final ReplyCollector collector;

    public Requests(
            Database database,
            Queues queues,
            Payloads payloads,
            ListenerHub hub,
            Outbox outbox,
            Duration defaultTimeout,
            TelemetryGuard telemetry,
            ThreadFactory threads,
            String node) {
        this.database = database;
        this.queues = queues;
        this.payloads = payloads;
        this.outbox = outbox;
        this.defaultTimeout = defaultTimeout;
        this.telemetry = telemetry;
        this.collector = new ReplyCollector(database, hub, threads, node);
    }

    /** Requests that are refused in, and answers that join, the transactions of the database given. */
    public RequestResponse requestResponse(Database joining) {
        return new DefaultRequestResponse(joining, queues, payloads, outbox, collector, defaultTimeout, telemetry);
    }

    /** Removes requests whose caller is gone. */
    public void cleanup() {
        cleanup(database, GRACE);
    }

    static int cleanup(Database database, Duration olderThan) {
        Duration age = olderThan.compareTo(OLDEST) > 0 ? OLDEST : olderThan;
        String sql = database.schema().fill(RpcSql.CLEANUP);
        return database.transactions()
                .outside(connection ->
                        Jdbc.update(connection, sql, statement -> statement.setDouble(1, Jdbc.seconds(age))));
    }

    @Override
    public void close() {
        collector.close();
    }
}
