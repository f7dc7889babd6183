package io.github.pgqueue.internal.queue;

import io.github.pgqueue.InvalidArgumentException;
import io.github.pgqueue.LeaseLostException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.internal.channel.Outbox;
import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.channel.Told;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Payloads;
import io.github.pgqueue.internal.queue.QueueStore.Pushed;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.PushOptions;
import io.github.pgqueue.queue.PushResult;
import io.github.pgqueue.queue.PushResult.Status;
import io.github.pgqueue.queue.QueueStats;
import io.github.pgqueue.spi.PgQueueListener;
import io.github.pgqueue.spi.Telemetry.Operation.Pop;
import io.github.pgqueue.spi.Telemetry.Operation.Push;
import io.github.pgqueue.spi.Telemetry.Operation.Settle;
import io.github.pgqueue.spi.Telemetry.Verb;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The API of a queue over its rows. */
final class DefaultJobQueue<T> implements JobQueue<T> {

    /** The most that one pop may ask for. */
    static final int MAX_LIMIT = 10_000;

    private final QueueName name;
    private final PayloadType<T> type;
    private final Database database;
    private final Queues queues;
    private final Payloads payloads;
    private final PgQueueListener listener;
    private final TelemetryGuard telemetry;
    private final String node;
    private final Scope joined;
    private final Scope outside;

    DefaultJobQueue(
            QueueName name,
            PayloadType<T> type,
            Database database,
            Queues queues,
            Payloads payloads,
            Outbox outbox,
            PgQueueListener listener,
            TelemetryGuard telemetry,
            String node) {
        this.name = name;
        this.type = type;
        this.database = database;
        this.queues = queues;
        this.payloads = payloads;
        this.listener = listener;
        this.telemetry = telemetry;
        this.node = node;
        this.joined = Scope.joined(database, outbox);
        this.outside = Scope.outside(database, outbox);
    }

    @Override
    public QueueName name() {
        return name;
    }

    @Override
    public PushResult push(T payload, PushOptions options) {
        String json = payloads.encode(payload);
        QueueStore store = store();
        Pushed pushed = stored(
                1, options, (connection, headers, quietly) -> store.push(connection, json, headers, options, quietly));
        return new PushResult(pushed.ids().get(0), Status.PUSHED);
    }

    @Override
    public List<PushResult> pushAll(Collection<? extends T> values, PushOptions options) {
        if (values.isEmpty()) {
            return List.of();
        }
        List<String> json = values.stream().map(payloads::encode).toList();
        QueueStore store = store();
        Pushed pushed = stored(
                json.size(),
                options,
                (connection, headers, quietly) -> store.pushAll(connection, json, headers, options, quietly));
        return pushed.ids().stream()
                .map(id -> new PushResult(id, Status.PUSHED))
                .toList();
    }

    @Override
    public long pushStream(Stream<? extends T> values, PushOptions options) {
        boolean inTransaction = database.transactions().active();
        Iterator<List<String>> portions = new Portions(
                values.sequential().map(payloads::encode).iterator(), inTransaction ? this::requireActive : () -> {});
        if (!portions.hasNext()) {
            return 0;
        }
        QueueStore store = store();
        return stored(
                        Push.NOT_KNOWN,
                        options,
                        (connection, headers, quietly) ->
                                store.pushStream(connection, portions, headers, options, inTransaction))
                .jobs();
    }

    /** A stream may take its time, and what comes after the end of the transaction would be committed alone. */
    private void requireActive() {
        if (!database.transactions().active()) {
            throw TransactionStateException.notActive("over");
        }
    }

    /** Stores jobs, with headers that are encoded, on a connection; maybe so that the commit does not notify. */
    @FunctionalInterface
    private interface Storing {
        Pushed on(Connection connection, @Nullable String headers, boolean quietly) throws SQLException;
    }

    private Pushed stored(int jobs, PushOptions options, Storing storing) {
        boolean quietly = joined.quiet();
        Pushed stored = on(() -> telemetry.around(new Push(name, jobs, options.headers(), null), activity -> {
            String headers = payloads.encodeHeaders(options.headers(), activity.headers());
            Pushed pushed = joined.run(connection -> storing.on(connection, headers, quietly));
            if (jobs == Push.NOT_KNOWN) {
                activity.pushed(pushed.jobs());
            } else {
                activity.pushed(pushed.ids());
            }
            return pushed;
        }));
        if (stored.asleep()) {
            joined.wakeWithCommit(name);
        }
        Told.tell(() -> listener.pushed(name, (int) Math.min(stored.jobs(), Integer.MAX_VALUE)));
        return stored;
    }

    @Override
    public List<Job<T>> pop(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new InvalidArgumentException(
                    "PGQ1007", "the limit of a pop is " + limit + ", but must be between 1 and " + MAX_LIMIT);
        }
        QueueStore store = store();
        JobSource<T> source = new JobSource<>(store, type, payloads, ends(store), outside, listener, node);
        return on(() -> telemetry.around(new Pop(name), activity -> {
            List<Job<T>> jobs = Claimed.jobs(source.claim(limit));
            activity.popped(jobs);
            return jobs;
        }));
    }

    @Override
    public void complete(Job<T> job) {
        JobEnds ends = ends(store());
        on(() -> {
            ends.complete(job, joined);
            return true;
        });
    }

    @Override
    public void completeAll(Collection<Job<T>> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        QueueStore store = store();
        Set<Long> completed = new HashSet<>(on(() -> telemetry.around(
                new Settle(name, Verb.COMPLETE, List.copyOf(jobs)),
                activity -> joined.run(connection -> store.completeAll(connection, jobs)))));
        List<Long> lost =
                jobs.stream().map(Job::id).filter(id -> !completed.contains(id)).toList();
        jobs.stream()
                .filter(job -> completed.contains(job.id()))
                .forEach(job -> Told.tell(() -> listener.completed(job)));
        if (!lost.isEmpty()) {
            throw new LeaseLostException(name, lost);
        }
    }

    @Override
    public void fail(Job<T> job, Throwable cause) {
        QueueStore store = store();
        wakeIfSoon(store, on(() -> ends(store).fail(job, cause, joined)));
    }

    @Override
    public void retry(Job<T> job, Duration delay, @Nullable Throwable cause) {
        // The same range as for a push; nothing is pushed here.
        PushOptions.none().withDelay(delay);
        QueueStore store = store();
        wakeIfSoon(store, on(() -> ends(store).retry(job, delay, cause, joined)));
    }

    /** Who sleeps may do so for a poll interval, and has not looked at this job when he decided that. */
    private void wakeIfSoon(QueueStore store, Optional<Duration> delay) {
        if (delay.isPresent() && delay.get().compareTo(store.config().pollInterval()) < 0) {
            joined.wakeWithCommit(name);
        }
    }

    @Override
    public void release(Job<T> job) {
        JobEnds ends = ends(store());
        boolean unused = on(() -> ends.release(job, outside));
    }

    @Override
    public long pendingCount() {
        QueueStore store = store();
        return on(() -> joined.run(store::pendingCount));
    }

    @Override
    public QueueStats stats() {
        QueueStore store = store();
        return on(() -> joined.run(store::stats));
    }

    private QueueStore store() {
        return queues.require(name, database.transactions());
    }

    private <R> R on(Supplier<R> statements) {
        return queues.on(name, statements);
    }

    private JobEnds ends(QueueStore store) {
        return new JobEnds(store, payloads, listener, telemetry);
    }
}
