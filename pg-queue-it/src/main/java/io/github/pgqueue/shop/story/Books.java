package io.github.pgqueue.shop.story;

import io.github.pgqueue.shop.jdbc.Statements;

/**
 * What the database says when all work is done.
 *
 * @param orders orders that were placed
 * @param receipts receipts that were written
 * @param rightReceipts orders that have a receipt, with the right total
 * @param shipments parcels that were packed
 * @param rightShipments orders that have a parcel, with the right content
 */
record Books(long orders, long receipts, long rightReceipts, long shipments, long rightShipments) {

    static Books read(Statements statements) {
        return statements
                .rows(
                        StorySql.BOOKS,
                        row -> new Books(
                                row.getLong("orders"),
                                row.getLong("receipts"),
                                row.getLong("right_receipts"),
                                row.getLong("shipments"),
                                row.getLong("right_shipments")))
                .get(0);
    }

    boolean eachExactlyOnce() {
        return receipts == orders && rightReceipts == orders && shipments == orders && rightShipments == orders;
    }
}
