package io.github.pgqueue.internal.cache;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An entry that is locked: used by one thread, until the call of {@link CacheStore#locked} ends. */
public interface LockedEntry {

    /** What it had when it was locked, unless that has expired. */
    Optional<StoredValue> value();

    /** What it had, and has expired. */
    Optional<StoredValue> expired();

    /**
     * Writes it.
     *
     * @param lifetime its new lifetime, maybe zero; null, only for an entry with a value, for no change
     */
    void write(StoredValue value, @Nullable Lifetime lifetime);

    /** Writes it, to expire at some time. */
    void writeUntil(StoredValue value, Instant expiresAt);

    /** Gives an entry with a value a new lifetime, maybe zero. */
    void touch(Lifetime lifetime);

    void remove();
}
