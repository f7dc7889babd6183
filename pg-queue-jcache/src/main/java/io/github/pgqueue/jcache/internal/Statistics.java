package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.jcache.PostgresCacheStatisticsMXBean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counters of one cache on this node, while they are enabled. Thread-safe. */
final class Statistics implements PostgresCacheStatisticsMXBean {

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private final LongAdder removals = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder getNanos = new LongAdder();
    private final LongAdder putNanos = new LongAdder();
    private final LongAdder removeNanos = new LongAdder();
    private final LongSupplier evictions;
    private volatile boolean enabled;
    private volatile long evictedBefore;

    /**
     * Of a new cache.
     *
     * @param evictions how many entries this node has evicted since its start
     */
    Statistics(LongSupplier evictions) {
        this.evictions = evictions;
        this.evictedBefore = evictions.getAsLong();
    }

    void enable(boolean value) {
        enabled = value;
    }

    void hits(long count, long since) {
        count(hits, count, getNanos, since);
    }

    void misses(long count, long since) {
        count(misses, count, getNanos, since);
    }

    /** A lookup that found its entry, or did not. */
    void got(boolean hit, long since) {
        count(hit ? hits : misses, 1, getNanos, since);
    }

    void puts(long count, long since) {
        count(puts, count, putNanos, since);
    }

    void removals(long count, long since) {
        count(removals, count, removeNanos, since);
    }

    void unreadable() {
        unreadable.increment();
    }

    void failed() {
        failures.increment();
    }

    private void count(LongAdder counter, long count, LongAdder nanos, long since) {
        if (enabled && count > 0) {
            counter.add(count);
            nanos.add(System.nanoTime() - since);
        }
    }

    @Override
    public void clear() {
        for (LongAdder counter :
                new LongAdder[] {hits, misses, puts, removals, unreadable, failures, getNanos, putNanos, removeNanos}) {
            counter.reset();
        }
        evictedBefore = evictions.getAsLong();
    }

    @Override
    public long getCacheHits() {
        return hits.sum();
    }

    @Override
    public float getCacheHitPercentage() {
        return percentage(getCacheHits(), getCacheGets());
    }

    @Override
    public long getCacheMisses() {
        return misses.sum();
    }

    @Override
    public float getCacheMissPercentage() {
        return percentage(getCacheMisses(), getCacheGets());
    }

    @Override
    public long getCacheGets() {
        return getCacheHits() + getCacheMisses();
    }

    @Override
    public long getCachePuts() {
        return puts.sum();
    }

    @Override
    public long getCacheRemovals() {
        return removals.sum();
    }

    @Override
    public long getCacheEvictions() {
        return evictions.getAsLong() - evictedBefore;
    }

    @Override
    public long getCacheUnreadable() {
        return unreadable.sum();
    }

    @Override
    public long getCacheFailures() {
        return failures.sum();
    }

    @Override
    public float getAverageGetTime() {
        return micros(getNanos, getCacheGets());
    }

    @Override
    public float getAveragePutTime() {
        return micros(putNanos, getCachePuts());
    }

    @Override
    public float getAverageRemoveTime() {
        return micros(removeNanos, getCacheRemovals());
    }

    private static float percentage(long part, long whole) {
        return whole == 0 ? 0 : 100f * part / whole;
    }

    private static float micros(LongAdder nanos, long count) {
        return count == 0 ? 0 : nanos.sum() / 1_000f / count;
    }
}
