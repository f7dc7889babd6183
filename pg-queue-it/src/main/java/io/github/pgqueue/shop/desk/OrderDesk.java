package io.github.pgqueue.shop.desk;

import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.shop.invoices.Invoice;
import io.github.pgqueue.shop.jdbc.Statements;
import io.github.pgqueue.shop.orders.Order;
import io.github.pgqueue.shop.receipts.Receipt;
import io.github.pgqueue.shop.shipments.Shipment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.math.BigDecimal;
import java.time.ZoneOffset;

/**
 * Places orders. Safe for use by many threads.
 *
 * <p>All that belongs to an order is one commit: its row, its three jobs and its event. If the card is declined, which
 * is known only at the very end, the rollback takes all of it back.
 */
@ApplicationScoped
public class OrderDesk {

    @Inject
    Statements statements;

    @Inject
    CardTerminal cards;

    @Inject
    @PgQueue("receipts")
    JobQueue<Receipt> receipts;

    @Inject
    @PgQueue("invoices")
    JobQueue<Invoice> invoices;

    @Inject
    @PgQueue("shipments")
    JobQueue<Shipment> shipments;

    @Inject
    @PgChannel(OrderPlaced.CHANNEL)
    EventChannel<OrderPlaced> placed;

    /**
     * Places one order.
     *
     * @param line the line of the file from which it came
     * @throws DuplicateOrderException if there is an order with this id
     * @throws CardDeclinedException if the card was declined
     */
    @Transactional
    public void place(long line, Order order) {
        enter(line, order);
        BigDecimal total = order.unitPrice().multiply(BigDecimal.valueOf(order.quantity()));
        receipts.push(new Receipt(order.orderId(), total, order.currency()));
        invoices.push(new Invoice(order.orderId(), order.customer(), order.email(), total, order.currency()));
        shipments.push(new Shipment(order.orderId(), order.customer(), order.sku(), order.quantity()));
        placed.publish(new OrderPlaced(order.orderId(), total, order.currency()));
        cards.charge(order);
    }

    /** Notes an order whose card was declined, once {@link #place} has been rolled back. */
    @Transactional
    public void noteDeclined(long line, Order order) {
        statements.update(DeskSql.NOTE_DECLINED, line, order.orderId());
    }

    private void enter(long line, Order order) {
        int entered = statements.update(
                DeskSql.ENTER,
                order.orderId(),
                line,
                order.customer(),
                order.email(),
                order.sku(),
                order.quantity(),
                order.unitPrice(),
                order.currency(),
                order.placedAt().withOffsetSameInstant(ZoneOffset.UTC));
        if (entered == 0) {
            throw new DuplicateOrderException(statements.number(DeskSql.LINE, order.orderId()));
        }
    }
}
