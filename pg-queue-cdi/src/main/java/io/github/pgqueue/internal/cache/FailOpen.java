package io.github.pgqueue.internal.cache;

import io.github.pgqueue.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The reads of one cache: where it is configured as fail-open, one that the database fails is a miss. The first is a
 * warning in the log, and so is its end told. Thread-safe.
 */
public final class FailOpen {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.cache");

    private final String cache;
    private final boolean enabled;
    private final Runnable counter;
    private final AtomicBoolean failing = new AtomicBoolean();

    /**
     * For one cache.
     *
     * @param counter called for each failure that became a miss
     */
    public FailOpen(String cache, boolean enabled, Runnable counter) {
        this.cache = cache;
        this.enabled = enabled;
        this.counter = counter;
    }

    /** What was read; if the database fails, what is the same as a miss. */
    public <R> R read(Supplier<? extends R> read, R miss) {
        if (!enabled) {
            return read.get();
        }
        try {
            R result = read.get();
            worked();
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
        if (failing.get() && failing.compareAndSet(true, false)) {
            LOG.log(Level.INFO, "the cache " + cache + " works again");
        }
    }
}
