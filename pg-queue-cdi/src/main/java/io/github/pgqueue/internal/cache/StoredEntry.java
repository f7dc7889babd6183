package io.github.pgqueue.internal.cache;

import java.time.OffsetDateTime;

/**
 * An entry that has been read.
 *
 * @param value its value
 * @param expiresAt when it expires, by the database's clock
 * @param remaining the seconds until then, as the database saw it; infinity for an entry that never expires. A copy may
 *     be used for so long, counted from before the read
 */
public record StoredEntry(StoredValue value, OffsetDateTime expiresAt, double remaining) {

    /** As it is so many seconds after it was read. */
    StoredEntry after(double seconds) {
        return new StoredEntry(value, expiresAt, remaining - seconds);
    }
}
