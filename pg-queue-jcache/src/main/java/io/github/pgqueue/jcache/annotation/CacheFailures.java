package io.github.pgqueue.jcache.annotation;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * How often caches failed annotated methods, since the start. Injectable; thread-safe.
 *
 * <p>The callers of these methods see nothing of it: a read that fails is a miss, and a change that fails is left out.
 * The first failure of a cache is a warning in the log; its end is told there too.
 */
public final class CacheFailures {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.jcache.annotation");

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final Set<Failing> failing = ConcurrentHashMap.newKeySet();

    private record Failing(String cache, Verb verb) {}

    /** What is done to a cache. */
    enum Verb {
        FIND,
        READ,
        PUT,
        REMOVE
    }

    CacheFailures() {}

    /** Of all caches together. */
    public long count() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Of one cache. */
    public long count(String cache) {
        LongAdder count = counts.get(cache);
        return count == null ? 0 : count.sum();
    }

    /** Of each cache that failed at least once. */
    public Map<String, Long> byCache() {
        return counts.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, count -> count.getValue().sum()));
    }

    void failed(String cache, Verb verb, RuntimeException cause) {
        counts.computeIfAbsent(cache, name -> new LongAdder()).increment();
        if (failing.add(new Failing(cache, verb))) {
            LOG.log(
                    Level.WARNING,
                    "the cache " + cache + " failed (" + verb + "); annotated methods go on without it, and this is not"
                            + " logged again until it has worked",
                    cause);
        }
    }

    void worked(String cache, Verb verb) {
        if (!failing.isEmpty() && failing.remove(new Failing(cache, verb))) {
            LOG.log(Level.INFO, "the cache " + cache + " works again (" + verb + ")");
        }
    }
}
