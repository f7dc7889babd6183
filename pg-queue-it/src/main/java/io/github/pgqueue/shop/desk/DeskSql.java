package io.github.pgqueue.shop.desk;

/** The statements of the order desk. */
final class DeskSql {

    /** Enters an order, unless there is one with its id. */
    static final String ENTER = """
            INSERT INTO shop_order
                (order_id, line, customer, email, sku, quantity, unit_price, currency, placed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (order_id) DO NOTHING
            """;

    /** The line from which an order came. */
    static final String LINE = """
            SELECT line
            FROM shop_order
            WHERE order_id = ?
            """;

    /** Notes that an order was not placed because its card was declined. */
    static final String NOTE_DECLINED = """
            INSERT INTO shop_declined (line, order_id)
            VALUES (?, ?)
            ON CONFLICT (line) DO NOTHING
            """;

    private DeskSql() {}
}
