package io.github.pgqueue.internal.cache;

import org.jspecify.annotations.Nullable;

/**
 * What there was of an entry before a change, or is after it.
 *
 * @param kind whether there was one
 * @param value its value, where that has been told
 */
public record EntryState(Kind kind, @Nullable StoredValue value) {

    /** What there may be of an entry. */
    public enum Kind {
        ABSENT,
        LIVE,
        /** A row that nobody has removed yet. */
        EXPIRED
    }

    static final EntryState ABSENT = new EntryState(Kind.ABSENT, null);

    static EntryState live(@Nullable StoredValue value) {
        return new EntryState(Kind.LIVE, value);
    }

    static EntryState expired(@Nullable StoredValue value) {
        return new EntryState(Kind.EXPIRED, value);
    }

    EntryState withoutValue() {
        return new EntryState(kind, null);
    }
}
