package io.github.pgqueue.internal.cache;

import java.nio.charset.StandardCharsets;

/**
 * 64 bits that stand for a cache or a key in what nodes tell each other: FNV-1a, so the same in every JVM and version.
 * Two keys with the same hash lose their copies together, and nothing else.
 */
final class KeyHash {

    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private KeyHash() {}

    static long of(byte[] bytes) {
        long hash = OFFSET;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * PRIME;
        }
        return hash;
    }

    static long of(String name) {
        return of(name.getBytes(StandardCharsets.UTF_8));
    }
}
