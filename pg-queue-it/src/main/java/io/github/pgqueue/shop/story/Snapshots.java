package io.github.pgqueue.shop.story;

import io.github.pgqueue.shop.jdbc.Statements;

/** Looks, while the shop is at work, for an order without its jobs or a job without its order. */
final class Snapshots {

    private final Statements statements;
    private int taken;
    private int torn;

    Snapshots(Statements statements) {
        this.statements = statements;
    }

    synchronized void take() {
        taken++;
        boolean whole = statements
                .rows(
                        StorySql.SNAPSHOT,
                        row -> row.getLong("orders") == row.getLong("receipts")
                                && row.getLong("orders") == row.getLong("shipments"))
                .get(0);
        if (!whole) {
            torn++;
        }
    }

    synchronized int taken() {
        return taken;
    }

    synchronized int torn() {
        return torn;
    }
}
