package io.github.pgqueue.shop.receipts;

/** The statement of the receipt writer. */
final class ReceiptSql {

    static final String WRITE = """
            INSERT INTO shop_receipt (order_id, total, currency)
            VALUES (?, ?, ?)
            """;

    private ReceiptSql() {}
}
