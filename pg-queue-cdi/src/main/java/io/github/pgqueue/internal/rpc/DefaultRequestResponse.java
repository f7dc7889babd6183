package io.github.pgqueue.internal.rpc;

import io.github.pgqueue.InvalidArgumentException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.RequestFailedException;
import io.github.pgqueue.RequestTimeoutException;
import io.github.pgqueue.TransactionStateException;
import io.github.pgqueue.internal.channel.Outbox;
import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.Payloads;
import io.github.pgqueue.internal.queue.Answer;
import io.github.pgqueue.internal.queue.Answers;
import io.github.pgqueue.internal.queue.Queues;
import io.github.pgqueue.internal.queue.TelemetryGuard;
import io.github.pgqueue.rpc.RequestResponse;
import io.github.pgqueue.spi.Telemetry.Operation.Push;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Pushes requests and waits for what the collector brings. */
final class DefaultRequestResponse implements RequestResponse {

    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

    private final Database database;
    private final Queues queues;
    private final Payloads payloads;
    private final ReplyCollector collector;
    private final Duration defaultTimeout;
    private final TelemetryGuard telemetry;
    private final Scope joined;

    DefaultRequestResponse(
            Database database,
            Queues queues,
            Payloads payloads,
            Outbox outbox,
            ReplyCollector collector,
            Duration defaultTimeout,
            TelemetryGuard telemetry) {
        this.database = database;
        this.queues = queues;
        this.payloads = payloads;
        this.collector = collector;
        this.defaultTimeout = defaultTimeout;
        this.telemetry = telemetry;
        this.joined = Scope.joined(database, outbox);
    }

    @Override
    public <R> R pushAndWait(String queue, Object request, Class<R> response) {
        return pushAndWait(queue, request, response, defaultTimeout);
    }

    @Override
    public <R> R pushAndWait(String queue, Object request, PayloadType<R> response, Duration timeout) {
        if (collector.isCurrentThread()) {
            throw new IllegalStateException(
                    "pushAndWait was called in a callback of request(...), on the thread that brings the answers: it"
                            + " would wait for itself; use request(...) there, or an asynchronous callback");
        }
        PendingRequest pending = push(queue, request, timeout);
        try {
            return read(pending.id(), pending.reply().get(), response);
        } catch (InterruptedException e) {
            collector.desert(pending);
            Thread.currentThread().interrupt();
            throw RequestTimeoutException.interrupted(pending.queue(), pending.id());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PgQueueException known ? known : new IllegalStateException(e.getCause());
        }
    }

    @Override
    public <R> CompletionStage<R> request(String queue, Object request, PayloadType<R> response, Duration timeout) {
        PendingRequest pending = push(queue, request, timeout);
        return pending.reply().thenApply(reply -> read(pending.id(), reply, response));
    }

    private PendingRequest push(String queue, Object request, Duration timeout) {
        QueueName name = new QueueName(queue);
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new InvalidArgumentException(
                    "PGQ4004",
                    "the timeout is " + timeout + ", but must be more than zero and at most " + LONGEST_TIMEOUT);
        }
        if (database.transactions().active()) {
            throw TransactionStateException.requestInTransaction();
        }
        String json = payloads.encode(request);
        queues.require(name, database.transactions());
        PendingRequest pending = new PendingRequest(
                UUID.randomUUID(), name, timeout, System.nanoTime() + timeout.toNanos(), new CompletableFuture<>());
        collector.expect(pending);
        try {
            queues.on(
                    name,
                    () -> telemetry.around(new Push(name, 1, Map.of(), pending.id()), activity -> {
                        String headers = payloads.encodeHeaders(Map.of(), activity.headers());
                        return store(pending, json, headers);
                    }));
        } catch (RuntimeException e) {
            collector.forget(pending);
            throw e;
        }
        return pending;
    }

    private int store(PendingRequest pending, String json, @Nullable String headers) {
        String replyTo = database.binding().channelPrefix() + collector.channel();
        String sql = database.schema().fill(RpcSql.PUSH_REQUEST, pending.queue());
        return database.transactions()
                .outside(connection -> Jdbc.update(connection, sql, statement -> {
                    statement.setObject(1, pending.id());
                    statement.setString(2, replyTo);
                    statement.setDouble(3, Jdbc.seconds(pending.timeout()));
                    statement.setString(4, json);
                    statement.setString(5, headers);
                }));
    }

    @SuppressWarnings("NullAway") // null is the only value of Void
    private <R> R read(UUID requestId, Reply reply, PayloadType<R> type) {
        String value = reply.value();
        if (value != null) {
            // Who asks for a Void wants to know only that it is done.
            return type.type() == Void.class ? null : payloads.decode(value, type);
        }
        String errorType = reply.errorType();
        String message = reply.errorMessage();
        throw new RequestFailedException(
                requestId, errorType == null ? "unknown" : errorType, message == null ? "" : message);
    }

    @Override
    public boolean storeResponse(UUID requestId, Object response) {
        String json = payloads.encode(response);
        return Answers.store(requestId, new Answer.Value(json), joined, database.schema());
    }

    @Override
    public long cleanupOldResponses(Duration olderThan) {
        if (olderThan.isNegative()) {
            throw new InvalidArgumentException("PGQ4004", "the age of responses is negative: " + olderThan);
        }
        return Requests.cleanup(database, olderThan);
    }
}
