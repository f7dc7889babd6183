package io.github.pgqueue.shop.server;

/** The statement around the shop's script of tables. */
final class TableSql {

    /**
     * Several nodes may start at once. What is sent together is one transaction, so that the lock holds until the last
     * table is there.
     */
    static final String LOCK = """
            SELECT pg_advisory_xact_lock(727270);
            """;

    private TableSql() {}
}
