package io.github.pgqueue.it.jcache.annotation;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CacheKey;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;
import org.jspecify.annotations.Nullable;

/** Most of what annotations can say, over the cache {@code prices}. */
@ApplicationScoped
@CacheDefaults(cacheName = "prices")
class Prices extends Counting {

    @CacheResult
    String find(String item) {
        return ran(item);
    }

    @CacheResult(skipGet = true)
    String refresh(String item) {
        return ran(item);
    }

    @CacheResult(skipGet = true)
    @Nullable
    String lose(String item) {
        ran(item);
        return null;
    }

    @CacheResult
    @Nullable
    String findIfLong(String item) {
        String value = ran(item);
        return item.length() > 3 ? value : null;
    }

    @CacheResult
    String findByTwo(@CacheKey String item, String reason, @CacheKey int quantity) {
        return ran(item + reason + quantity);
    }

    @CacheResult
    String findAll(String... items) {
        return ran(List.of(items));
    }

    @CacheResult
    String findByTable(int[][] table, byte[] picture) {
        return ran(table.length);
    }

    @CacheResult
    String findAndShuffle(String[] items) {
        String value = ran(items[0]);
        items[0] = "changed by the method";
        return value;
    }

    @CacheResult
    int count(long first, boolean second, char third) {
        ran(first);
        return runs();
    }

    @CacheResult
    String first() {
        return ran("first");
    }

    @CacheResult(exceptionCacheName = "failures")
    String fail(String item) throws IOException {
        throw new IOException(ran(item));
    }

    @CacheResult(exceptionCacheName = "failures", skipGet = true)
    String failAgain(String item) throws IOException {
        throw new IOException(ran(item));
    }

    @CacheResult
    String failUncached(String item) throws IOException {
        throw new IOException(ran(item));
    }

    @CachePut
    void set(String item, @CacheValue @Nullable String price) {
        ran(item);
    }

    @CachePut
    void setForOne(@CacheKey String item, String reason, @CacheValue String price) {
        ran(item);
    }

    @CachePut(afterInvocation = false)
    void setBefore(@CacheKey String item, @CacheValue String price, Runnable meanwhile) {
        meanwhile.run();
    }

    @CacheRemove
    void remove(String item) {
        ran(item);
    }

    @CacheRemove(afterInvocation = false)
    void removeBefore(@CacheKey String item, Runnable meanwhile) {
        meanwhile.run();
    }

    @CacheRemoveAll(afterInvocation = false)
    void removeAllBefore(Runnable meanwhile) {
        meanwhile.run();
    }

    @CacheRemoveAll(cacheName = "others")
    void removeOthers() {
        ran("others");
    }
}
