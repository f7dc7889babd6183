package io.github.pgqueue.shop.web;

import io.github.pgqueue.shop.orders.Order;
import java.math.BigDecimal;

/** An order that was placed. */
record OrderView(String orderId, String sku, int quantity, String unitPrice, String total, String currency)
        implements JsonView {

    static OrderView of(Order order) {
        BigDecimal total = order.unitPrice().multiply(BigDecimal.valueOf(order.quantity()));
        return new OrderView(
                order.orderId(),
                order.sku(),
                order.quantity(),
                Money.plain(order.unitPrice()),
                Money.plain(total),
                order.currency());
    }
}
