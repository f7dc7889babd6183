package io.github.pgqueue.internal.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who loads what in the cluster, for one cache: entries of a cache beside it, which expire by the database's clock. Taking
 * and releasing are one statement for any number of them. Thread-safe.
 *
 * @param <K> what is loaded
 */
final class Leases<K> {

    static final Duration DURATION = Duration.ofSeconds(10);

    private final CacheStore store;
    private final String leases;
    private final Function<? super K, byte[]> bytes;

    Leases(CacheStore store, String cache, Function<? super K, byte[]> bytes) {
        this.store = store;
        this.leases = "pg_queue_load:" + cache;
        this.bytes = bytes;
    }

    /** What is its holder's in a lease. */
    StoredValue token() {
        return new StoredValue(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8), StoredValue.JSON);
    }

    /** Takes those that nobody holds. */
    Set<K> take(Collection<K> wanted, StoredValue token) {
        Map<ByteBuffer, K> byBytes = new LinkedHashMap<>();
        wanted.forEach(what -> byBytes.put(ByteBuffer.wrap(bytes.apply(what)), what));
        List<byte[]> keys = byBytes.keySet().stream().map(ByteBuffer::array).toList();
        return store.putAllIfAbsent(leases, keys, token, Lifetime.of(DURATION)).stream()
                .map(taken -> Objects.requireNonNull(byBytes.get(ByteBuffer.wrap(taken))))
                .collect(Collectors.toSet());
    }

    /** Releases those that are still held with this token. */
    void release(Collection<K> held, StoredValue token) {
        store.removeAll(leases, held.stream().map(bytes).toList(), token);
    }

    /** Releases one, whoever holds it. */
    void end(K what) {
        store.remove(leases, bytes.apply(what));
    }
}
