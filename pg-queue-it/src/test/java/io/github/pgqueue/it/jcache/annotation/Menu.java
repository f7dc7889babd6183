package io.github.pgqueue.it.jcache.annotation;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;

/** Methods of several types of results, over the cache {@code menu}. */
@ApplicationScoped
@CacheDefaults(cacheName = "menu")
class Menu extends Counting {

    record Dish(String name, BigDecimal price) {}

    enum Size {
        SMALL,
        LARGE
    }

    @CacheRemoveAll
    void clear() {}

    @CacheResult
    Dish dish(String name) {
        return new Dish(ran(name), BigDecimal.ONE);
    }

    @CachePut
    void set(String name, @CacheValue Dish dish) {}

    @CacheResult
    Map<String, List<Dish>> courses(int day) {
        return Map.of("soups", List.of(new Dish(ran(day), BigDecimal.TEN)));
    }

    @CacheResult
    Size size(long guests) {
        ran(guests);
        return Size.LARGE;
    }

    @CacheResult
    Dish[] all() {
        return new Dish[] {new Dish(ran("all"), BigDecimal.ONE)};
    }

    @CacheResult(cacheName = "lists")
    List<Dish> dishes() {
        return List.of(new Dish(ran("dishes"), BigDecimal.ONE));
    }

    @CacheResult(cacheName = "lists")
    List<String> names(int day) {
        return List.of(ran(day));
    }

    @CacheResult(cacheName = "unstable keys")
    String ofAny(Object key) {
        return ran("any");
    }

    @CacheResult(exceptionCacheName = "exceptions without a list")
    String closed(String day) {
        throw new IllegalStateException(ran(day));
    }
}
