package io.github.pgqueue.shop.web;

/**
 * What a worker answered.
 *
 * @param sku the article
 * @param quantity how many
 * @param total what they cost
 * @param currency the code of ISO 4217
 * @param node the process that answered
 * @param micros from the request to the answer, in microseconds
 */
record QuoteView(String sku, int quantity, String total, String currency, long node, long micros) implements JsonView {}
