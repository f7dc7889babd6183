package io.github.pgqueue.it.jcache;

import io.github.pgqueue.it.support.Gate;
import java.io.Closeable;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.integration.CacheLoader;
import org.jspecify.annotations.Nullable;

/** Loads one value, if there is any, counts, and waits for the test. */
final class GatedLoader implements CacheLoader<String, String>, Closeable {

    private final @Nullable String value;
    private final Gate gate = new Gate();
    private final AtomicInteger loads = new AtomicInteger();
    private volatile boolean closed;

    GatedLoader(@Nullable String value) {
        this.value = value;
    }

    /** Where each load waits. */
    Gate gate() {
        return gate;
    }

    AtomicInteger loads() {
        return loads;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public @Nullable String load(String key) {
        gate.passStubbornly();
        loads.incrementAndGet();
        return value;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
        Map<String, String> loaded = new HashMap<>();
        keys.forEach(key -> loaded.put(key, load(key)));
        return loaded;
    }

    @Override
    public void close() {
        closed = true;
    }
}
