package io.github.pgqueue.shop.desk;

import io.github.pgqueue.shop.orders.Order;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Stands in for the bank: declines about two cards in a hundred. The same order is always answered in the same way, so
 * that a run can be repeated.
 */
@ApplicationScoped
public class CardTerminal {

    private static final int ONE_IN = 50;

    /** Charges the card of an order, or throws {@link CardDeclinedException}. */
    public void charge(Order order) {
        if (declines(order.orderId())) {
            throw new CardDeclinedException(order.orderId());
        }
    }

    /** Whether the card for this order is declined. */
    public boolean declines(String orderId) {
        CRC32 hash = new CRC32();
        hash.update(orderId.getBytes(StandardCharsets.UTF_8));
        return hash.getValue() % ONE_IN == 0;
    }
}
