package io.github.pgqueue.internal.cache;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A value as it is in the table: bytes, and how they are to be read. Whoever has it must not change the bytes. */
public final class StoredValue {

    /** JSON, read by the declared type. */
    static final short JSON = 1;
    /** The canonical bytes of {@link CanonicalBytes}. */
    static final short CANONICAL = 2;
    /** Java serialization. */
    static final short JAVA = 3;
    /** JSON after the name of the declared type by which it is read. */
    static final short DECLARED = 4;

    private final byte[] bytes;
    private final short codec;

    /** The text that the bytes stand for, if they do and somebody has read them: nobody can change it, so all share it. */
    private volatile @Nullable String text;

    StoredValue(byte[] bytes, short codec) {
        this.bytes = bytes;
        this.codec = codec;
    }

    byte[] bytes() {
        return bytes;
    }

    short codec() {
        return codec;
    }

    /** The text that was kept; null if none was. */
    @Nullable
    String text() {
        return text;
    }

    void keep(String read) {
        text = read;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredValue that && codec == that.codec && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * codec + Arrays.hashCode(bytes);
    }
}
