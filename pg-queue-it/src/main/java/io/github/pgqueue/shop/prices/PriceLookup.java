package io.github.pgqueue.shop.prices;

import java.math.BigDecimal;

/**
 * A price that was looked up.
 *
 * @param price what one costs
 * @param hit whether it was in the cache, so that the wholesaler was not asked
 */
public record PriceLookup(BigDecimal price, boolean hit) {}
