package io.github.pgqueue.it.jcache.annotation;

import jakarta.enterprise.context.ApplicationScoped;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CacheKey;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;

/** One method for each annotation and each combination of its two lists of exceptions. */
@ApplicationScoped
@CacheDefaults(cacheName = "faults")
class Faults extends Counting {

    /** Named as included. */
    static class Fault extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Fault(String message) {
            super(message);
        }
    }

    /** Named as excluded, though its superclass is included. */
    static final class Lasting extends Fault {
        private static final long serialVersionUID = 1L;

        Lasting(String message) {
            super(message);
        }
    }

    /** What a call ends with. */
    enum End {
        NORMAL,
        FAULT,
        LASTING,
        OTHER
    }

    private String end(End end) {
        String value = ran(end);
        return switch (end) {
            case NORMAL -> value;
            case FAULT -> throw new Fault(value);
            case LASTING -> throw new Lasting(value);
            case OTHER -> throw new IllegalStateException(value);
        };
    }

    @CacheResult(exceptionCacheName = "thrown")
    String result(End end) {
        return end(end);
    }

    @CacheResult(exceptionCacheName = "thrown", cachedExceptions = Fault.class)
    String resultIncluding(End end) {
        return end(end);
    }

    @CacheResult(exceptionCacheName = "thrown", nonCachedExceptions = Lasting.class)
    String resultExcluding(End end) {
        return end(end);
    }

    @CacheResult(exceptionCacheName = "thrown", cachedExceptions = Fault.class, nonCachedExceptions = Lasting.class)
    String resultBoth(End end) {
        return end(end);
    }

    @CachePut
    void put(@CacheKey String key, @CacheValue String value, End end) {
        end(end);
    }

    @CachePut(cacheFor = Fault.class)
    void putIncluding(@CacheKey String key, @CacheValue String value, End end) {
        end(end);
    }

    @CachePut(noCacheFor = Lasting.class)
    void putExcluding(@CacheKey String key, @CacheValue String value, End end) {
        end(end);
    }

    @CachePut(cacheFor = Fault.class, noCacheFor = Lasting.class)
    void putBoth(@CacheKey String key, @CacheValue String value, End end) {
        end(end);
    }

    @CacheRemove
    void remove(@CacheKey String key, End end) {
        end(end);
    }

    @CacheRemove(evictFor = Fault.class)
    void removeIncluding(@CacheKey String key, End end) {
        end(end);
    }

    @CacheRemove(noEvictFor = Lasting.class)
    void removeExcluding(@CacheKey String key, End end) {
        end(end);
    }

    @CacheRemove(evictFor = Fault.class, noEvictFor = Lasting.class)
    void removeBoth(@CacheKey String key, End end) {
        end(end);
    }

    @CacheRemoveAll
    void removeAll(End end) {
        end(end);
    }

    @CacheRemoveAll(evictFor = Fault.class)
    void removeAllIncluding(End end) {
        end(end);
    }

    @CacheRemoveAll(noEvictFor = Lasting.class)
    void removeAllExcluding(End end) {
        end(end);
    }

    @CacheRemoveAll(evictFor = Fault.class, noEvictFor = Lasting.class)
    void removeAllBoth(End end) {
        end(end);
    }
}
