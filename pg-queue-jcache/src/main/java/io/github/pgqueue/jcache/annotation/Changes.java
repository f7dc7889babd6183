package io.github.pgqueue.jcache.annotation;

import javax.cache.annotation.GeneratedCacheKey;
import org.jspecify.annotations.Nullable;

/** What becomes of the changes that a call makes, and what it sees of the ones before it. */
interface Changes {

    /** What is cached, as the caller is to see it; null if nothing is. */
    @Nullable
    Object get(SafeCache cache, GeneratedCacheKey key);

    /** A result was found out that was not cached. */
    void fill(SafeCache cache, GeneratedCacheKey key, Object value);

    /** There is a new value. */
    void replace(SafeCache cache, GeneratedCacheKey key, Object value);

    void remove(SafeCache cache, GeneratedCacheKey key);

    void removeAll(SafeCache cache);

    /** For a transaction that cannot commit any more: nothing changes. */
    record Dropped() implements Changes {

        @Override
        public @Nullable Object get(SafeCache cache, GeneratedCacheKey key) {
            return cache.get(key);
        }

        @Override
        public void fill(SafeCache cache, GeneratedCacheKey key, Object value) {}

        @Override
        public void replace(SafeCache cache, GeneratedCacheKey key, Object value) {}

        @Override
        public void remove(SafeCache cache, GeneratedCacheKey key) {}

        @Override
        public void removeAll(SafeCache cache) {}
    }

    /** Without a transaction: changes take effect at once. Whoever loads an older value meanwhile does not store it. */
    record Immediate(Flights flights) implements Changes {

        @Override
        public @Nullable Object get(SafeCache cache, GeneratedCacheKey key) {
            return cache.get(key);
        }

        @Override
        public void fill(SafeCache cache, GeneratedCacheKey key, Object value) {
            cache.fill(key, value);
        }

        @Override
        public void replace(SafeCache cache, GeneratedCacheKey key, Object value) {
            flights.outdate(cache, key);
            cache.replace(key, value);
        }

        @Override
        public void remove(SafeCache cache, GeneratedCacheKey key) {
            flights.outdate(cache, key);
            cache.remove(key);
        }

        @Override
        public void removeAll(SafeCache cache) {
            flights.outdate(cache);
            cache.removeAll();
        }
    }
}
