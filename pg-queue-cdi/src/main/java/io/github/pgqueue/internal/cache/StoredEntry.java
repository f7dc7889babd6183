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

    /** As it was at a moment of the database's clock. */
    static StoredEntry of(StoredValue value, OffsetDateTime expiresAt, OffsetDateTime now) {
        return new StoredEntry(value, expiresAt, seconds(now, expiresAt));
    }

    /** The driver gives the last moment there is for infinity. */
    private static double seconds(OffsetDateTime from, OffsetDateTime to) {
        return to.equals(OffsetDateTime.MAX)
                ? Double.POSITIVE_INFINITY
                : to.toEpochSecond() - from.toEpochSecond() + (to.getNano() - from.getNano()) / 1e9;
    }

    /** As it is so many seconds after it was read. */
    StoredEntry after(double seconds) {
        return new StoredEntry(value, expiresAt, remaining - seconds);
    }
}
