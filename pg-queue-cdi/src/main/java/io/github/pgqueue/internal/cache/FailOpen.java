package io.github.pgqueue.internal.cache;

import io.github.pgqueue.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The reads of one cache: where it is configured as fail-open, one that the database fails is a miss. The first is a
 * warning in the log, and so is its end told. Stands before near caches: what fails is never copied, and a copy is used
 * no longer because the database fails. Thread-safe.
 */
public final class FailOpen {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.cache");

    private final String cache;
    private final boolean enabled;
    private final LongSupplier answers;
    private final Runnable counter;
    private final AtomicBoolean failing = new AtomicBoolean();

    /**
     * For one cache.
     *
     * @param answers how often the database has answered: a copy of a near cache is none
     * @param counter called for each failure that became a miss
     */
    FailOpen(String cache, boolean enabled, LongSupplier answers, Runnable counter) {
        this.cache = cache;
        this.enabled = enabled;
        this.answers = answers;
        this.counter = counter;
    }

    /** What was read; if the database fails, what is the same as a miss. */
    public <R> R read(Supplier<? extends R> read, R miss) {
        if (!enabled) {
            return read.get();
        }
        long answeredBefore = failing.get() ? answers.getAsLong() : Long.MAX_VALUE;
        try {
            R result = read.get();
            if (answeredBefore < Long.MAX_VALUE && answers.getAsLong() > answeredBefore) {
                worked();
            }
            return result;
        } catch (StorageException e) {
            failed(e);
            return miss;
        }
    }

    /** Stores what a reader has loaded: it gets that although storing fails. */
    public void store(Runnable store) {
        boolean unused = read(
                () -> {
                    store.run();
                    return true;
                },
                false);
    }

    private void failed(StorageException cause) {
        counter.run();
        if (failing.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "the cache " + cache + " failed; it is fail-open, so that its reads are misses, and this is not"
                            + " logged again until it has worked",
                    cause);
        }
    }

    private void worked() {
        if (failing.compareAndSet(true, false)) {
            LOG.log(Level.INFO, "the cache " + cache + " works again");
        }
    }
}
