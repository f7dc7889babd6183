package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.jcache.PostgresCacheStatisticsMXBean;
import java.util.concurrent.atomic.LongAdder;

/** Counters of one cache on this node, while they are enabled. Thread-safe. */
final class Statistics implements PostgresCacheStatisticsMXBean {

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private final LongAdder removals = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final LongAdder getNanos = new LongAdder();
    private final LongAdder putNanos = new LongAdder();
    private final LongAdder removeNanos = new LongAdder();
    private volatile boolean enabled;

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

    private void count(LongAdder counter, long count, LongAdder nanos, long since) {
        if (enabled && count > 0) {
            counter.add(count);
            nanos.add(System.nanoTime() - since);
        }
    }

    @Override
    public void clear() {
        for (LongAdder counter :
                new LongAdder[] {hits, misses, puts, removals, unreadable, getNanos, putNanos, removeNanos}) {
            counter.reset();
        }
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

    /** Nobody evicts: what leaves has expired or was removed. */
    @Override
    public long getCacheEvictions() {
        return 0;
    }

    @Override
    public long getCacheUnreadable() {
        return unreadable.sum();
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
