package io.github.pgqueue.shop.shipments;

/**
 * The job to pack the parcel of an order.
 *
 * @param orderId the order
 * @param customer who gets it
 * @param sku what is in it
 * @param quantity how many
 */
public record Shipment(String orderId, String customer, String sku, int quantity) {}
