package io.github.pgqueue.shop.prices;

import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.cdi.PgCacheName;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;

/** Prices, asked for once and kept for ten minutes. Callers that miss at the same time share one call. */
@ApplicationScoped
public class PriceList {

    private static final Duration KEPT = Duration.ofMinutes(10);

    @Inject
    @PgCacheName("prices")
    PgCache cache;

    @Inject
    Wholesaler wholesaler;

    /** The price of an article. */
    public BigDecimal price(String sku) {
        return cache.getOrSet(sku, BigDecimal.class, KEPT, () -> wholesaler.price(sku));
    }
}
