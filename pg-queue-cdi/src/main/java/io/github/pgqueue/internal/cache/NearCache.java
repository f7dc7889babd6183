package io.github.pgqueue.internal.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies of the entries of one cache, and of the knowledge that there is none, in the memory of this node. Thread-safe.
 *
 * <p>A copy is used no longer than the row lives: from before the read, for the time that the database said remains. What
 * changes an entry raises the stamp of its key and then drops the copy; a read remembers the stamp from before it began,
 * and makes no copy if it has changed since. Both happen while the map holds the key, so that neither overtakes the
 * other. What may have changed everything begins a new epoch: copies of an older one count as none.
 */
final class NearCache {

    private static final int STAMPS = 1 << 10;
    /** The clock of a computer that is being set right runs up to 0.05 % faster or slower. */
    private static final double CLOCK_MARGIN = 0.999;

    private static final double NANOS = 1e9;

    /** A read that has begun, and may become a copy. */
    private record Reading(long hash, long stamp, long epoch, long begun) {}

    private final BooleanSupplier hears;
    private final long maxNanos;
    private final long missNanos;
    private final boolean ages;
    private final Cache<Long, Copy> copies;
    private final AtomicLongArray stamps = new AtomicLongArray(STAMPS);
    private volatile long epoch;

    /**
     * Makes one without any copy.
     *
     * @param hears whether changes by other nodes are heard of at this moment; otherwise nothing is copied or used
     */
    NearCache(NearSettings settings, BooleanSupplier hears) {
        this.hears = hears;
        this.maxNanos = settings.maxStaleness().toNanos();
        Duration miss = settings.missTtl();
        this.missNanos = miss.compareTo(settings.maxStaleness()) > 0 ? maxNanos : miss.toNanos();
        this.ages = settings.ages();
        this.copies = Caffeine.newBuilder()
                .maximumSize(settings.maxEntries())
                .expireAfterWrite(settings.maxStaleness())
                .executor(Runnable::run)
                .build();
    }

    /** The copy, or what the database has. */
    Optional<StoredEntry> get(byte[] key, Supplier<Optional<StoredEntry>> database) {
        if (!hears.getAsBoolean()) {
            return database.get();
        }
        long hash = KeyHash.of(key);
        Copy copy = find(hash, key);
        if (copy != null) {
            return Optional.ofNullable(entry(copy));
        }
        Reading reading = begin(hash);
        Optional<StoredEntry> read = database.get();
        fill(reading, key, read.orElse(null));
        return read;
    }

    /** The same for several keys: the database is asked for those of which there is no copy. */
    List<@Nullable StoredEntry> getAll(
            List<byte[]> keys, Function<List<byte[]>, List<@Nullable StoredEntry>> database) {
        if (!hears.getAsBoolean()) {
            return database.apply(keys);
        }
        List<@Nullable StoredEntry> found = new ArrayList<>(keys.size());
        List<Integer> missing = new ArrayList<>();
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            long hash = KeyHash.of(keys.get(i));
            Copy copy = find(hash, keys.get(i));
            found.add(copy == null ? null : entry(copy));
            if (copy == null) {
                missing.add(i);
                readings.add(begin(hash));
            }
        }
        if (!missing.isEmpty()) {
            List<@Nullable StoredEntry> read =
                    database.apply(missing.stream().map(keys::get).toList());
            for (int i = 0; i < read.size(); i++) {
                found.set(missing.get(i), read.get(i));
                fill(readings.get(i), keys.get(missing.get(i)), read.get(i));
            }
        }
        return found;
    }

    private @Nullable Copy find(long hash, byte[] key) {
        Copy copy = copies.getIfPresent(hash);
        return copy != null && copy.epoch == epoch && copy.isOf(key) && copy.isLive() ? copy : null;
    }

    private @Nullable StoredEntry entry(Copy copy) {
        StoredEntry entry = copy.entry;
        return entry == null || !ages ? entry : entry.after((System.nanoTime() - copy.begun) / NANOS);
    }

    private Reading begin(long hash) {
        long inEpoch = epoch;
        return new Reading(hash, stamps.get(stamp(hash)), inEpoch, System.nanoTime());
    }

    private void fill(Reading reading, byte[] key, @Nullable StoredEntry entry) {
        long nanos = entry == null
                ? missNanos
                : (long) Math.min((double) maxNanos, Math.max(0, entry.remaining() * CLOCK_MARGIN * NANOS));
        if (nanos == 0) {
            return;
        }
        Copy made = new Copy(key, entry, reading.begun(), nanos, reading.epoch());
        copies.asMap().compute(reading.hash(), (hash, present) -> isCurrent(reading) ? made : present);
    }

    private boolean isCurrent(Reading reading) {
        return reading.epoch() == epoch && reading.stamp() == stamps.get(stamp(reading.hash()));
    }

    private static int stamp(long hash) {
        return (int) (hash & (STAMPS - 1));
    }

    /** The entries of these hashes have changed. */
    void changed(List<Long> hashes) {
        hashes.forEach(this::changed);
    }

    /** Any entry may have changed. */
    void changed() {
        synchronized (this) {
            epoch++;
        }
        copies.invalidateAll();
    }

    private void changed(long hash) {
        stamps.incrementAndGet(stamp(hash));
        // Not invalidate(): compute waits for a fill of this key that has begun.
        copies.asMap().compute(hash, (key, present) -> null);
    }

    /** What a read has found. */
    private static final class Copy {

        /** What the hash stands for: another key may have the same. */
        private final byte[] key;
        /** Null if there was none. */
        private final @Nullable StoredEntry entry;
        /** When the read began, by {@link System#nanoTime}. */
        private final long begun;
        /** For how long it may be used from then on. */
        private final long nanos;
        /** That in which the read began. */
        private final long epoch;

        Copy(byte[] key, @Nullable StoredEntry entry, long begun, long nanos, long epoch) {
            this.key = key;
            this.entry = entry;
            this.begun = begun;
            this.nanos = nanos;
            this.epoch = epoch;
        }

        boolean isOf(byte[] other) {
            return Arrays.equals(key, other);
        }

        boolean isLive() {
            return System.nanoTime() - begun < nanos;
        }
    }
}
