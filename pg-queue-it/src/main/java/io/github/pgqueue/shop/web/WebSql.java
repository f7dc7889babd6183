package io.github.pgqueue.shop.web;

/** What the page asks the database. */
final class WebSql {

    /** What there is of an order; its jobs are found by their payload. */
    static final String TRACE = """
            SELECT
                (SELECT count(*) FROM shop_order WHERE order_id = wanted.order_id) AS order_rows,
                (SELECT count(*)
                 FROM (
                     SELECT payload ->> 'orderId' AS order_id FROM queue_receipts
                     UNION ALL
                     SELECT payload ->> 'orderId' FROM queue_invoices
                     UNION ALL
                     SELECT payload ->> 'orderId' FROM queue_shipments
                     UNION ALL
                     SELECT payload ->> 'orderId' FROM pg_queue_dead_letter
                 ) AS job
                 WHERE job.order_id = wanted.order_id) AS jobs,
                (SELECT count(*) FROM shop_receipt WHERE order_id = wanted.order_id) AS receipts,
                (SELECT count(*) FROM shop_shipment WHERE order_id = wanted.order_id) AS parcels
            FROM (SELECT CAST(? AS text) AS order_id) AS wanted
            """;

    static final String RECEIPTS = """
            SELECT count(*)
            FROM shop_receipt
            """;

    static final String PARCELS = """
            SELECT count(*)
            FROM shop_shipment
            """;

    private WebSql() {}
}
