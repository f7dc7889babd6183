package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.spi.Transactions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Keeps in mind who waits for a connection outside of transactions: that is where a pool shows that it is too small.
 * Costs two operations on a hash table for each statement. Thread-safe.
 */
public final class WatchedTransactions implements Transactions {

    /**
     * A thread that waits for a connection.
     *
     * @param thread who waits
     * @param since when it began, as {@link System#nanoTime()} tells
     */
    public record Wait(Thread thread, long since) {

        public Duration soFar() {
            return Duration.ofNanos(System.nanoTime() - since);
        }
    }

    /** What the database itself says: connection refused or lost, not authorized, no such database. */
    private static final Set<String> NOT_OF_THE_POOL = Set.of("08", "28", "3D", "57");

    private final Transactions behind;
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
    private volatile Consumer<Duration> onFailure = waited -> {};

    public WatchedTransactions(Transactions behind) {
        this.behind = behind;
    }

    /** Those who have waited for at least so long, longest first. */
    public List<Wait> waitsOf(Duration atLeast) {
        return waits.stream()
                .filter(wait -> wait.soFar().compareTo(atLeast) >= 0)
                .sorted(Comparator.comparing(Wait::soFar).reversed())
                .toList();
    }

    /** Is told how long was waited when a pool, and not the database, refused a connection. */
    public void onFailure(Consumer<Duration> told) {
        this.onFailure = told;
    }

    @Override
    public <R> R outside(Work<R> work) {
        Wait wait = new Wait(Thread.currentThread(), System.nanoTime());
        waits.add(wait);
        try {
            return behind.outside(connection -> {
                waits.remove(wait);
                return work.on(connection);
            });
        } catch (StorageException e) {
            if (waits.contains(wait) && isOfThePool(e)) {
                onFailure.accept(wait.soFar());
            }
            throw e;
        } finally {
            waits.remove(wait);
        }
    }

    private static boolean isOfThePool(StorageException e) {
        String state = e.sqlState();
        return state == null || state.length() < 2 || !NOT_OF_THE_POOL.contains(state.substring(0, 2));
    }

    @Override
    public boolean active() {
        return behind.active();
    }

    @Override
    public <R> R joined(Work<R> work) {
        return behind.joined(work);
    }

    @Override
    public <R> R begin(Work<R> work) {
        return behind.begin(work);
    }

    @Override
    public boolean deferSignals() {
        return behind.deferSignals();
    }

    @Override
    public void afterCompletion(Consumer<Completion> action) {
        behind.afterCompletion(action);
    }

    @Override
    public void rollbackUnless(BooleanSupplier mayCommit) {
        behind.rollbackUnless(mayCommit);
    }
}
