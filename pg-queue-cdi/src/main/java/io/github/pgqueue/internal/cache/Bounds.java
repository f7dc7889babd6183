package io.github.pgqueue.internal.cache;

import io.github.pgqueue.CacheConfig;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How much one cache may hold, and what this node has written to it since the last look at it. Thread-safe. After a tenth
 * of a bound a look is due, since a cache that has grown by more than that would be of no use as bounded.
 */
final class Bounds {

    private static final int PART = 10;
    /** Of a small cache this is more than a tenth: a look at every write would cost more than the write. */
    private static final int FEWEST = 10;

    private final long maxEntries;
    private final long maxBytes;
    private final AtomicLong entries = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean due = new AtomicBoolean();
    private final LongAdder evicted = new LongAdder();

    private Bounds(long maxEntries, long maxBytes) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
    }

    static Bounds of(CacheConfig config) {
        Long entries = config.maxEntries();
        Long bytes = config.maxBytes();
        return new Bounds(entries == null ? Long.MAX_VALUE : entries, bytes == null ? Long.MAX_VALUE : bytes);
    }

    /** Whether there are any. */
    boolean limit() {
        return maxEntries < Long.MAX_VALUE || maxBytes < Long.MAX_VALUE;
    }

    boolean sameAs(@Nullable Bounds other) {
        return other != null && maxEntries == other.maxEntries && maxBytes == other.maxBytes;
    }

    /** Counts what was written; true if a look is due now, once until that begins. */
    boolean wrote(long moreEntries, long moreBytes) {
        boolean many = entries.addAndGet(moreEntries) >= Math.max(FEWEST, maxEntries / PART);
        boolean much = bytes.addAndGet(moreBytes) >= Math.max(FEWEST, maxBytes / PART);
        return (many || much) && due.compareAndSet(false, true);
    }

    /** A look begins. */
    void look() {
        entries.set(0);
        bytes.set(0);
        due.set(false);
    }

    /** How many entries are to be evicted, as far as can be told from how much there is; zero if none. */
    long excess(Stored stored) {
        long tooMany = Math.max(0, stored.entries() - maxEntries);
        long tooMuch = Math.max(0, stored.bytes() - maxBytes);
        long ofAverageSize = tooMuch == 0 ? 0 : 1 + (long) ((double) tooMuch / stored.bytes() * stored.entries());
        return Math.min(stored.entries(), Math.max(tooMany, ofAverageSize));
    }

    void evicted(long count) {
        evicted.add(count);
    }

    /** How many entries this node has evicted. */
    long evictions() {
        return evicted.sum();
    }

    /** So many entries, and bytes of their keys and values. */
    record Stored(long entries, long bytes) {

        static final Stored NOTHING = new Stored(0, 0);

        Stored minus(Stored removed) {
            return new Stored(entries - removed.entries, bytes - removed.bytes);
        }
    }
}
