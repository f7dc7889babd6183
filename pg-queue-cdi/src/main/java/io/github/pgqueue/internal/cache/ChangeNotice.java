package io.github.pgqueue.internal.cache;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a node tells the others when it changes entries: hashes of the cache and of the keys, in hexadecimal. No hash of a
 * key stands for all of them.
 *
 * @param cache the hash of the cache's name
 * @param keys the hashes of the keys; empty if any may have changed
 */
record ChangeNotice(long cache, List<Long> keys) {

    /** What fits well into the 8,000 bytes of a notification. */
    static final int MAX_KEYS = 400;

    static ChangeNotice ofAll(String cache) {
        return new ChangeNotice(KeyHash.of(cache), List.of());
    }

    static ChangeNotice of(String cache, List<byte[]> keys) {
        return keys.size() > MAX_KEYS
                ? ofAll(cache)
                : ofHashes(cache, keys.stream().map(KeyHash::of).toList());
    }

    /** At least one hash, and not more than {@link #MAX_KEYS}. */
    static ChangeNotice ofHashes(String cache, List<Long> keys) {
        return new ChangeNotice(KeyHash.of(cache), keys);
    }

    String text() {
        return Long.toHexString(cache)
                + keys.stream().map(key -> ' ' + Long.toHexString(key)).collect(Collectors.joining());
    }

    /** Empty if another version of this library has written it. */
    static Optional<ChangeNotice> parse(String text) {
        try {
            List<Long> hashes = List.of(text.split(" ", -1)).stream()
                    .map(hash -> Long.parseUnsignedLong(hash, 16))
                    .toList();
            return Optional.of(new ChangeNotice(hashes.get(0), hashes.subList(1, hashes.size())));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
