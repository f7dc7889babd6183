package io.github.pgqueue.it.servers;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.lang.annotation.Annotation;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CacheKeyGenerator;
import javax.cache.annotation.CacheKeyInvocationContext;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;
import javax.cache.annotation.GeneratedCacheKey;

/** Annotated methods in a deployment, over the cache {@code catalog}. */
@ApplicationScoped
@CacheDefaults(cacheName = "catalog")
public class Catalog {

    private final AtomicInteger runs = new AtomicInteger();

    @Inject
    private Databases databases;

    /** What is found; no two runs of a method find the same. */
    public record Item(String sku, BigDecimal price, int run) {}

    /** Not to be had. */
    public static class GoneException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        GoneException(String message) {
            super(message);
        }
    }

    /** A key. */
    public record Folded(String sku) implements GeneratedCacheKey {}

    /** Makes keys without a case. */
    @ApplicationScoped
    public static class FoldedKeys implements CacheKeyGenerator {

        @Override
        public GeneratedCacheKey generateCacheKey(CacheKeyInvocationContext<? extends Annotation> call) {
            return new Folded(call.getKeyParameters()[0].getValue().toString().toLowerCase(Locale.ROOT));
        }
    }

    @CacheResult
    public Item find(String sku) {
        return new Item(sku, BigDecimal.ONE, runs.incrementAndGet());
    }

    @CacheResult
    @Transactional(Transactional.TxType.MANDATORY)
    public Item findWithinATransaction(String sku) {
        return find(sku);
    }

    @CacheResult(cacheKeyGenerator = FoldedKeys.class)
    public Item findWhateverItsCase(String sku) {
        return find(sku);
    }

    @CacheResult(exceptionCacheName = "gone", cachedExceptions = GoneException.class)
    public Item order(String sku) {
        throw new GoneException(sku + " " + runs.incrementAndGet());
    }

    @CachePut
    public void set(String sku, @CacheValue Item item) {}

    /** The commit fails when this item was set before. */
    @CachePut
    @Transactional
    public void setOnce(String sku, @CacheValue Item item) {
        databases.once(sku + " in the catalog");
    }

    @CacheRemove
    public void remove(String sku) {}

    @CacheRemoveAll
    public void removeAll() {}
}
