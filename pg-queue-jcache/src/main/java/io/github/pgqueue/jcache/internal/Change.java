package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.internal.cache.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * What an operation did to an entry.
 *
 * @param kind what became of it
 * @param present whether there was an entry before that had not expired
 * @param old what it had, where the operation asked for it
 * @param expired what had expired, where somebody wants to hear of it
 */
record Change(
        Kind kind,
        boolean present,
        @Nullable StoredValue old,
        @Nullable StoredValue expired) {

    enum Kind {
        NONE,
        CREATED,
        UPDATED,
        REMOVED,
        /** Created by a loader inside of an entry processor: not a put. */
        LOADED,
        /** Would have been created, but its policy says that it has expired. */
        STILLBORN
    }

    static Change none(boolean present) {
        return new Change(Kind.NONE, present, null, null);
    }

    /** Written; created if there was nothing. */
    static Change put(@Nullable StoredValue old) {
        return new Change(old == null ? Kind.CREATED : Kind.UPDATED, old != null, old, null);
    }

    static Change updated(@Nullable StoredValue old) {
        return new Change(Kind.UPDATED, true, old, null);
    }

    /** Removed, if there was something. */
    static Change removed(@Nullable StoredValue old) {
        return old == null ? none(false) : new Change(Kind.REMOVED, true, old, null);
    }

    boolean isPut() {
        return kind == Kind.CREATED || kind == Kind.UPDATED;
    }
}
