package io.github.pgqueue.internal.cache;

/** An entry with its key, as a page of a cache has it. Whoever has it must not change the bytes. */
public final class StoredRow {

    private final byte[] hash;
    private final byte[] key;
    private final StoredEntry entry;

    StoredRow(byte[] hash, byte[] key, StoredEntry entry) {
        this.hash = hash;
        this.key = key;
        this.entry = entry;
    }

    /** After which the next page begins. */
    public byte[] hash() {
        return hash;
    }

    public byte[] key() {
        return key;
    }

    public StoredEntry entry() {
        return entry;
    }
}
