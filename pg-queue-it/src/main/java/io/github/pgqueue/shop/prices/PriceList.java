package io.github.pgqueue.shop.prices;

import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.cdi.PgCacheName;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** Prices, asked for once and kept for ten minutes. Callers that miss at the same time share one call. */
@ApplicationScoped
public class PriceList {

    private static final Duration KEPT = Duration.ofMinutes(10);

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    @Inject
    @PgCacheName("prices")
    PgCache cache;

    @Inject
    Wholesaler wholesaler;

    /** The price of an article. */
    public BigDecimal price(String sku) {
        return lookUp(sku).price();
    }

    /** The price of an article, and where it came from. */
    public PriceLookup lookUp(String sku) {
        AtomicBoolean asked = new AtomicBoolean();
        BigDecimal price = cache.getOrSet(sku, BigDecimal.class, KEPT, () -> {
            asked.set(true);
            return wholesaler.price(sku);
        });
        boolean hit = !asked.get();
        (hit ? hits : misses).increment();
        return new PriceLookup(price, hit);
    }

    /** Forgets a price, on every node; returns whether there was one. */
    public boolean forget(String sku) {
        return cache.delete(sku);
    }

    /** How many look-ups of this node found the price in the cache, or shared the call of another. */
    public long hits() {
        return hits.sum();
    }

    /** How many look-ups of this node had to ask the wholesaler. */
    public long misses() {
        return misses.sum();
    }
}
