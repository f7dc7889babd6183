package io.github.pgqueue.internal.cache;

import io.github.pgqueue.InvalidArgumentException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which entries a thread has locked: user code that comes back for one of them would wait for itself on another
 * connection, which the database cannot see. Thread-safe.
 */
final class LockedKeys {

    private record Key(String cache, ByteBuffer bytes) {}

    @SuppressWarnings("ThreadLocalUsage") // one for each store
    private final ThreadLocal<@Nullable Set<Key>> held = new ThreadLocal<>();

    /** Throws if the calling thread has locked this entry. */
    void refuse(String cache, byte[] key) {
        Set<Key> mine = held.get();
        if (mine != null && mine.contains(new Key(cache, ByteBuffer.wrap(key)))) {
            throw new InvalidArgumentException(
                    "PGQ3004",
                    "an entry of cache '" + cache
                            + "' is changed by code that runs while that very entry is locked, such"
                            + " as an entry processor or a cache writer; change it by what that code was given");
        }
    }

    Held hold(String cache, List<byte[]> keys) {
        keys.forEach(key -> refuse(cache, key));
        List<Key> added =
                keys.stream().map(key -> new Key(cache, ByteBuffer.wrap(key))).toList();
        Set<Key> before = held.get();
        Set<Key> all = before == null ? new HashSet<>() : new HashSet<>(before);
        all.addAll(added);
        held.set(all);
        return new Held(added, before);
    }

    final class Held implements AutoCloseable {

        private final List<Key> keys;
        private final @Nullable Set<Key> before;

        private Held(List<Key> keys, @Nullable Set<Key> before) {
            this.keys = keys;
            this.before = before;
        }

        /** The positions of the keys in the order of their hashes, which is that of the statements. */
        List<Integer> sorted() {
            if (keys.size() == 1) {
                return List.of(0);
            }
            List<byte[]> hashes =
                    keys.stream().map(key -> hash(key.bytes().array())).toList();
            return IntStream.range(0, keys.size())
                    .boxed()
                    .sorted(Comparator.comparing(hashes::get, Arrays::compareUnsigned))
                    .toList();
        }

        @Override
        public void close() {
            if (before == null) {
                held.remove();
            } else {
                held.set(before);
            }
        }
    }

    private static byte[] hash(byte[] key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
