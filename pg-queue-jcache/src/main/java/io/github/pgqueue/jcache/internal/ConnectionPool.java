package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A few connections that are kept, for a cache manager that was given a URL instead of a data source. There are no
 * transactions to join: every operation takes effect at once. Thread-safe.
 */
final class ConnectionPool implements Transactions, AutoCloseable {

    private static final int PATIENCE_SECONDS = 30;
    /** A connection that nobody has used for so long is asked whether it is still there. */
    private static final long UNSURE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private record Kept(Connection connection, long since) {}

    private final DataSource dataSource;
    private final Semaphore permits;
    private final Deque<Kept> idle = new ConcurrentLinkedDeque<>();

    @SuppressWarnings("ThreadLocalUsage") // one for each pool
    private final ThreadLocal<@Nullable Boolean> inside = new ThreadLocal<>();

    private volatile boolean closed;

    ConnectionPool(DataSource dataSource, int size) {
        this.dataSource = dataSource;
        this.permits = new Semaphore(size, /* fair= */ true);
    }

    /** Who has a connection and needs another one meanwhile gets it beyond the size, so that nobody waits in a circle. */
    @Override
    public <R> R outside(Work<R> work) {
        try {
            return inside.get() == null ? withPermit(work) : withConnection(work);
        } catch (SQLException e) {
            throw StorageException.of(e);
        }
    }

    private <R> R withPermit(Work<R> work) throws SQLException {
        acquire();
        inside.set(true);
        try {
            return withConnection(work);
        } finally {
            inside.remove();
            permits.release();
        }
    }

    private <R> R withConnection(Work<R> work) throws SQLException {
        Connection connection = take();
        R result = run(work, connection);
        keep(connection);
        return result;
    }

    private void acquire() throws SQLException {
        try {
            if (!permits.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new SQLException(
                        "no connection was free for " + PATIENCE_SECONDS + " s; raise pool-size", "53300");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for a connection", "53300", e);
        }
    }

    private Connection take() throws SQLException {
        if (closed) {
            throw new SQLException("the cache manager is closed", "08003");
        }
        Kept kept = idle.pollFirst();
        while (kept != null) {
            if (System.nanoTime() - kept.since() < UNSURE_NANOS || isThere(kept.connection())) {
                return kept.connection();
            }
            discard(kept.connection());
            kept = idle.pollFirst();
        }
        return dataSource.getConnection();
    }

    private static boolean isThere(Connection connection) {
        try {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** A connection that broke takes the idle ones with it: they have most likely broken too. */
    private <R> R run(Work<R> work, Connection connection) throws SQLException {
        try {
            return work.on(connection);
        } catch (SQLException | RuntimeException e) {
            if (isUsable(connection)) {
                keep(connection);
            } else {
                discard(connection);
                discardIdle();
            }
            throw e;
        } catch (Error e) {
            discard(connection);
            throw e;
        }
    }

    private static boolean isUsable(Connection connection) {
        try {
            return !connection.isClosed() && connection.getAutoCommit() && connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private void keep(Connection connection) {
        idle.addFirst(new Kept(connection, System.nanoTime()));
        if (closed) {
            discardIdle();
        }
    }

    private void discardIdle() {
        Kept kept = idle.pollFirst();
        while (kept != null) {
            discard(kept.connection());
            kept = idle.pollFirst();
        }
    }

    private static void discard(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // It is broken: nothing of it is left to be closed.
            return;
        }
    }

    @Override
    public void close() {
        closed = true;
        discardIdle();
    }

    @Override
    public boolean active() {
        return false;
    }

    @Override
    public <R> R joined(Work<R> work) {
        return outside(work);
    }

    @Override
    public <R> R begin(Work<R> work) {
        throw new IllegalStateException("a cache manager begins no transactions");
    }

    @Override
    public boolean deferSignals() {
        return false;
    }

    @Override
    public void afterCompletion(Consumer<Completion> action) {
        throw new IllegalStateException("there is no transaction that could tell when it ends");
    }
}
