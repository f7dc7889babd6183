package io.github.pgqueue.shop.web;

/**
 * An order that was rolled back.
 *
 * @param error one sentence
 * @param orderId the id it would have had
 * @param before what the transaction saw just before it failed
 * @param after what is there now
 */
record RolledBackView(String error, String orderId, Trace before, Trace after) implements JsonView {}
