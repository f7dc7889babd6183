package io.github.pgqueue.it.jcache.annotation;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.concurrent.Callable;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CacheKey;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;

/** Annotated methods with and without a transaction of their own, over the cache {@code stock}. */
@ApplicationScoped
@CacheDefaults(cacheName = "stock")
class Stock extends Counting {

    @CacheResult
    String find(String item) {
        return ran(item);
    }

    @CacheResult
    String load(@CacheKey String item, Callable<String> body) throws Exception {
        ran(item);
        return body.call();
    }

    @CacheResult
    @Transactional
    public String loadInItsTransaction(@CacheKey String item, Callable<String> body) throws Exception {
        return body.call();
    }

    @CachePut
    void set(String item, @CacheValue String value) {
        ran(item);
    }

    @CachePut
    @Transactional
    public void setInItsTransaction(@CacheKey String item, @CacheValue String value, Runnable body) {
        body.run();
    }

    @CachePut(afterInvocation = false)
    void setBefore(String item, @CacheValue String value) {
        ran(item);
    }

    @CacheRemove
    void remove(String item) {
        ran(item);
    }

    @CacheRemoveAll
    void removeAll() {
        ran("all");
    }
}
