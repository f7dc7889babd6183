package io.github.pgqueue.shop.receipts;

import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.shop.jdbc.Statements;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;

/**
 * Writes receipts. The receipt and the end of its job are one commit, so that each receipt is written exactly once,
 * whatever crashes, although the table has no key that would prevent a second one.
 */
@ApplicationScoped
public class ReceiptWriter {

    @Inject
    Statements statements;

    /** Works one job. */
    @PgWorker("receipts")
    @Transactional
    public void write(Receipt receipt) {
        statements.update(ReceiptSql.WRITE, receipt.orderId(), receipt.total(), receipt.currency());
    }
}
