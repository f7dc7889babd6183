package io.github.pgqueue.shop.web;

/**
 * A price that was taken out of the cache.
 *
 * @param sku the article
 * @param forgotten whether it was there
 */
record ForgottenView(String sku, boolean forgotten) implements JsonView {}
