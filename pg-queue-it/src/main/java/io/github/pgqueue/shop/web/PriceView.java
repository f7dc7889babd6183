package io.github.pgqueue.shop.web;

/**
 * A price that was looked up.
 *
 * @param sku the article
 * @param price what one costs
 * @param currency the code of ISO 4217
 * @param hit whether it came from the cache
 * @param hits look-ups of this node that did
 * @param misses look-ups of this node that had to ask the wholesaler
 * @param micros how long this one took, in microseconds
 */
record PriceView(String sku, String price, String currency, boolean hit, long hits, long misses, long micros)
        implements JsonView {}
