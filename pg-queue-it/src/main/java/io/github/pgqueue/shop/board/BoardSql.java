package io.github.pgqueue.shop.board;

/** The statements of the live board. */
final class BoardSql {

    static final String REPORT = """
            INSERT INTO shop_board (call, node, orders_seen, strays_seen, mails_sent, mails_refused, most_attempts)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """;

    static final String REPORTS = """
            SELECT node, orders_seen, strays_seen, mails_sent, mails_refused, most_attempts
            FROM shop_board
            WHERE call = ?
            ORDER BY node
            """;

    private BoardSql() {}
}
