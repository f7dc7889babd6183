package io.github.pgqueue.internal.cache;

/** What was done to an entry. Whoever has it must not change the bytes. */
public final class EntryChange {

    private final byte[] key;
    private final EntryState before;
    private final EntryState after;

    EntryChange(byte[] key, EntryState before, EntryState after) {
        this.key = key;
        this.before = before;
        this.after = after;
    }

    public byte[] key() {
        return key;
    }

    public EntryState before() {
        return before;
    }

    /** Never expired. */
    public EntryState after() {
        return after;
    }
}
