package io.github.pgqueue.shop.story;

/** What the story asks the database. */
final class StorySql {

    /**
     * One look at everything, in one snapshot: an order and its jobs are one commit, and so are a job's end and its
     * effect, so that at every moment an order has either a job or what the job has left.
     */
    static final String SNAPSHOT = """
            SELECT
                (SELECT count(*) FROM shop_order) AS orders,
                (SELECT count(*) FROM queue_receipts) + (SELECT count(*) FROM shop_receipt) AS receipts,
                (SELECT count(*) FROM queue_shipments) + (SELECT count(*) FROM shop_shipment) AS shipments
            """;

    /** What is in the books when all work is done; an effect is right if its order is there and the figures agree. */
    static final String BOOKS = """
            SELECT
                (SELECT count(*) FROM shop_order) AS orders,
                (SELECT count(*) FROM shop_receipt) AS receipts,
                (SELECT count(DISTINCT receipt.order_id)
                 FROM shop_receipt AS receipt
                 JOIN shop_order AS placed USING (order_id)
                 WHERE receipt.total = placed.quantity * placed.unit_price
                   AND receipt.currency = placed.currency) AS right_receipts,
                (SELECT count(*) FROM shop_shipment) AS shipments,
                (SELECT count(DISTINCT shipment.order_id)
                 FROM shop_shipment AS shipment
                 JOIN shop_order AS placed USING (order_id)
                 WHERE shipment.sku = placed.sku
                   AND shipment.quantity = placed.quantity
                   AND shipment.customer = placed.customer) AS right_shipments
            """;

    /** What there is of orders that were rolled back: rows, and jobs or what a job has left. */
    static final String ROLLED_BACK = """
            SELECT
                (SELECT count(*) FROM shop_declined) AS declined,
                (SELECT count(*) FROM shop_order JOIN shop_declined USING (order_id)) AS orders,
                (SELECT count(*)
                 FROM (
                     SELECT payload ->> 'orderId' AS order_id FROM queue_receipts
                     UNION ALL
                     SELECT payload ->> 'orderId' FROM queue_invoices
                     UNION ALL
                     SELECT payload ->> 'orderId' FROM queue_shipments
                     UNION ALL
                     SELECT payload ->> 'orderId' FROM pg_queue_dead_letter
                     UNION ALL
                     SELECT order_id FROM shop_receipt
                     UNION ALL
                     SELECT order_id FROM shop_shipment
                 ) AS job
                 WHERE job.order_id IN (SELECT order_id FROM shop_declined)) AS jobs
            """;

    /** An article that is sold. */
    static final String FIRST_SKU = """
            SELECT sku
            FROM shop_order
            ORDER BY line
            LIMIT 1
            """;

    static final String NOW = """
            SELECT clock_timestamp()
            """;

    static final String WAYBILLS = """
            SELECT truck, node, attempt, parcels, written_at
            FROM shop_waybill
            ORDER BY truck
            """;

    private StorySql() {}
}
