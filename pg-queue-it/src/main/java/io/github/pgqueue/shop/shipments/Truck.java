package io.github.pgqueue.shop.shipments;

/**
 * The job to load a truck with its share of the parcels.
 *
 * @param number counted from 0
 * @param of how many trucks share the parcels
 */
public record Truck(int number, int of) {}
