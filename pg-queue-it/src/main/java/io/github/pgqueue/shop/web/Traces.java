package io.github.pgqueue.shop.web;

import io.github.pgqueue.shop.jdbc.Statements;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Looks for what there is of an order: inside a transaction what that one sees, else what has been committed. */
@ApplicationScoped
public class Traces {

    @Inject
    Statements statements;

    Trace of(String orderId) {
        return statements
                .rows(
                        WebSql.TRACE,
                        row -> new Trace(
                                row.getLong("order_rows"),
                                row.getLong("jobs"),
                                row.getLong("receipts"),
                                row.getLong("parcels")),
                        orderId)
                .get(0);
    }
}
