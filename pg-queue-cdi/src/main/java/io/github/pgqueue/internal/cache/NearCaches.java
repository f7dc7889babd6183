package io.github.pgqueue.internal.cache;

import io.github.pgqueue.ConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The near caches of this node over one table. They hold copies only while this node hears what others change, which
 * begins with the first read of one of them. Thread-safe.
 */
final class NearCaches {

    private final Map<String, Open> open = new ConcurrentHashMap<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Runnable hear;
    private volatile boolean heard;

    /** A near cache, and how many use it. */
    private record Open(NearCache near, long hash, int users) {}

    /**
     * Makes none yet.
     *
     * @param hear has this node hear of changes, as soon as that is possible; may be called again
     */
    NearCaches(Runnable hear) {
        this.hear = hear;
    }

    /**
     * Opens the near cache of a cache, or the one that is open already with the settings that it has.
     *
     * @throws ConfigurationException PGQ7018 if Caffeine is missing
     */
    CacheStore.Near open(String cache, NearSettings settings) {
        told.add(cache);
        open.compute(
                cache,
                (name, present) -> present == null
                        ? new Open(create(settings), KeyHash.of(name), 1)
                        : new Open(present.near(), present.hash(), present.users() + 1));
        return () -> close(cache);
    }

    private NearCache create(NearSettings settings) {
        try {
            return new NearCache(settings, () -> heard);
        } catch (NoClassDefFoundError e) {
            throw new ConfigurationException(
                    "PGQ7018",
                    "a near cache needs Caffeine: add com.github.ben-manes.caffeine:caffeine, 3.1 or later, to what the"
                            + " application runs with, or leave near caches off",
                    e);
        }
    }

    private void close(String cache) {
        open.computeIfPresent(
                cache,
                (name, present) ->
                        present.users() == 1 ? null : new Open(present.near(), present.hash(), present.users() - 1));
    }

    /** The near cache of a cache that has one. */
    @Nullable
    NearCache of(String cache) {
        Open found = open.get(cache);
        return found == null ? null : found.near();
    }

    /**
     * Whether other nodes are told of changes: also after the near cache was closed here, since who evicts, or uses the
     * cache by another door, may go on.
     */
    boolean tell(String cache) {
        return told.contains(cache);
    }

    /** Has this node hear of changes. */
    void hear() {
        if (!heard) {
            hear.run();
        }
    }

    /** From now on, whatever is committed is heard of. */
    void listening() {
        forgetAll();
        heard = true;
    }

    /** From now on, changes may be missed. */
    void deaf() {
        heard = false;
        forgetAll();
    }

    /** What another node, or this one, has told. */
    void changed(@Nullable ChangeNotice notice) {
        if (notice == null) {
            forgetAll();
            return;
        }
        for (Open candidate : open.values()) {
            if (candidate.hash() == notice.cache()) {
                changed(candidate.near(), notice.keys());
            }
        }
    }

    private static void changed(NearCache near, List<Long> keys) {
        if (keys.isEmpty()) {
            near.changed();
        } else {
            near.changed(keys);
        }
    }

    private void forgetAll() {
        open.values().forEach(found -> found.near().changed());
    }
}
