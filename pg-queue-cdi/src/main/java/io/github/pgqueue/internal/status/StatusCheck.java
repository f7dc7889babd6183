package io.github.pgqueue.internal.status;

import io.github.pgqueue.NodeStatus;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.PgQueueStatus;
import io.github.pgqueue.PgQueueStatus.XminHolder;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.internal.jdbc.SchemaName;
import io.github.pgqueue.internal.jdbc.Text;
import io.github.pgqueue.internal.schema.SchemaCheck;
import io.github.pgqueue.internal.schema.SchemaCheck.Found;
import io.github.pgqueue.internal.status.Look.MissingGrant;
import io.github.pgqueue.internal.status.Look.Prepared;
import io.github.pgqueue.internal.status.Look.QueueTable;
import io.github.pgqueue.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the database on a thread that nobody waits for longer than a probe may: a pool that is empty or a network
 * that is silent blocks that thread only. While one look goes on no other is begun; who asks shares it. Thread-safe.
 */
public final class StatusCheck implements AutoCloseable {

    /** A probe of Kubernetes waits for one second unless told otherwise. */
    private static final Duration LIMIT = Duration.ofMillis(800);

    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** What the database told, or the reason why it did not. */
    private record Seen(
            @Nullable String schemaProblem,
            @Nullable String claimProblem,
            Map<QueueName, Duration> oldestReady,
            @Nullable XminHolder oldestXmin,
            @Nullable Integer prepared,
            @Nullable Duration oldestPrepared) {

        static Seen nothing(String why, boolean works) {
            return new Seen(why, works ? why : null, Map.of(), null, null, null);
        }
    }

    private record Going(FutureTask<Seen> task, long begun) {}

    private final Transactions transactions;
    private final SchemaCheck schemaCheck;
    private final Supplier<Set<QueueName>> used;
    private final Supplier<Set<QueueName>> worked;
    private final ThreadPoolExecutor thread;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Going going;
    private volatile @Nullable Thread made;

    public StatusCheck(
            Transactions transactions,
            SchemaCheck schemaCheck,
            Supplier<Set<QueueName>> used,
            Supplier<Set<QueueName>> worked,
            ThreadFactory threads) {
        this.transactions = transactions;
        this.schemaCheck = schemaCheck;
        this.used = used;
        this.worked = worked;
        this.thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread created = threads.newThread(task);
            created.setName("pg-queue status");
            made = created;
            return created;
        });
    }

    /**
     * Makes the thread now, in the context of the application: who asks later may be in another one, as Payara's health
     * endpoint is, and a thread that is made there does not run.
     */
    public void start() {
        thread.prestartCoreThread();
    }

    /** The state of the database beside that of the node. */
    public PgQueueStatus status(NodeStatus node) {
        Seen seen = node.lifecycle() == NodeStatus.Lifecycle.CLOSED ? nothing("the manager is closed") : seen();
        return new PgQueueStatus(
                node,
                seen.schemaProblem(),
                seen.claimProblem(),
                seen.oldestReady(),
                seen.oldestXmin(),
                seen.prepared(),
                seen.oldestPrepared());
    }

    private Seen seen() {
        long begun = System.nanoTime();
        try {
            Going look = going();
            begun = look.begun();
            return look.task().get(left(begun), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return nothing("the database has not answered for "
                    + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return nothing("the thread that asked was interrupted");
        } catch (ExecutionException e) {
            return nothing(reason(e.getCause() == null ? e : e.getCause()));
        } catch (RuntimeException e) {
            // Closed meanwhile, or no thread to be had.
            boolean closed = e instanceof CancellationException || e instanceof RejectedExecutionException;
            return nothing(closed ? "the manager is closed" : reason(e));
        }
    }

    private Going going() {
        lock.lock();
        try {
            Going last = going;
            if (last != null && !last.task().isDone()) {
                return last;
            }
            FutureTask<Seen> task = new FutureTask<>(() -> transactions.outside(this::look));
            Going begun = new Going(task, System.nanoTime());
            thread.execute(task);
            going = begun;
            return begun;
        } finally {
            lock.unlock();
        }
    }

    private static long left(long begun) {
        return Math.max(0, LIMIT.toNanos() - (System.nanoTime() - begun));
    }

    private Seen nothing(String why) {
        return Seen.nothing(why, !worked.get().isEmpty());
    }

    private static String reason(Throwable failure) {
        return failure instanceof PgQueueException known
                ? String.valueOf(known.getMessage())
                : Text.printable(failure.toString());
    }

    private Seen look(Connection connection) throws SQLException {
        Look look = new Look(connection);
        Found found = schemaCheck.look(connection);
        XminHolder xmin = look.oldestXmin().orElse(null);
        List<Prepared> prepared = look.prepared();
        Duration oldestPrepared = prepared.isEmpty() ? null : prepared.get(0).age();
        String problem = found.problem();
        SchemaName schema = found.schema();
        if (problem != null || schema == null) {
            String claim = worked.get().isEmpty() ? null : problem;
            return new Seen(problem, claim, Map.of(), xmin, prepared.size(), oldestPrepared);
        }
        Set<QueueName> looked = new TreeSet<>((one, other) -> one.value().compareTo(other.value()));
        looked.addAll(used.get());
        looked.addAll(worked.get());
        List<QueueTable> tables = look.queues(schema, looked);
        return new Seen(
                null,
                claimProblem(look, schema, tables),
                oldestReady(look, schema, tables),
                xmin,
                prepared.size(),
                oldestPrepared);
    }

    private @Nullable String claimProblem(Look look, SchemaName schema, List<QueueTable> tables) throws SQLException {
        Set<QueueName> claimed = worked.get();
        if (claimed.isEmpty()) {
            return null;
        }
        String gone = tables.stream()
                .filter(table -> claimed.contains(table.queue()) && !table.there())
                .map(table -> table.queue().value())
                .collect(Collectors.joining(", "));
        if (!gone.isEmpty()) {
            return "these queues are worked, but do not exist: " + gone;
        }
        List<MissingGrant> missing = look.missingGrants(schema, claimed);
        return missing.isEmpty()
                ? null
                : "the role lacks " + missing.get(0).verbs() + " on "
                        + missing.get(0).object();
    }

    private static Map<QueueName, Duration> oldestReady(Look look, SchemaName schema, List<QueueTable> tables)
            throws SQLException {
        Map<QueueName, Duration> oldest = new HashMap<>();
        for (QueueTable table : tables) {
            if (table.there() && table.readable()) {
                look.oldestReady(schema, table.queue()).ifPresent(age -> oldest.put(table.queue(), age));
            }
        }
        return oldest;
    }

    /** Ends a look that goes on, and the thread. */
    @Override
    public void close() {
        Going last;
        lock.lock();
        try {
            last = going;
        } finally {
            lock.unlock();
        }
        thread.shutdownNow();
        if (last != null && !last.task().isDone()) {
            last.task().cancel(/* mayInterruptIfRunning= */ true);
        }
        try {
            // The executor says that it has terminated a moment before its thread has.
            Thread running = made;
            if (running != null) {
                running.join(LAST_WORDS.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
