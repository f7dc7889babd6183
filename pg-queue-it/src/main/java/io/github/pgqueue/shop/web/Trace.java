package io.github.pgqueue.shop.web;

/**
 * What there is of an order in the database.
 *
 * @param rows rows of the order itself: 1, or 0 if it was never placed
 * @param jobs its jobs that wait or run, dead letters included
 * @param receipts receipts that its job has written
 * @param parcels parcels that its job has packed
 */
record Trace(long rows, long jobs, long receipts, long parcels) implements JsonView {}
