/**
 * What leaves the shop: a parcel for each order, and the trucks that take the parcels away. Loading a truck takes a
 * while and happens inside the worker's transaction: the place where a crash hurts most.
 *
 * <p>Plain CDI and JTA, so that it runs on every server. May import {@code jdbc}.
 */
@NullMarked
package io.github.pgqueue.shop.shipments;

import org.jspecify.annotations.NullMarked;
