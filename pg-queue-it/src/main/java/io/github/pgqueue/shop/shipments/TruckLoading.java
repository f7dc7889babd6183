package io.github.pgqueue.shop.shipments;

/**
 * The CDI event, local to this node, that the loading of a truck is written but not committed.
 *
 * @param truck its number
 * @param attempt the attempt of its job
 */
public record TruckLoading(int truck, int attempt) {}
