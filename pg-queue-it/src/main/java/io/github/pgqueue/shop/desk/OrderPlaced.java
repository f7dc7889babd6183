package io.github.pgqueue.shop.desk;

import java.math.BigDecimal;

/**
 * The event that an order was placed, published on {@link #CHANNEL}.
 *
 * @param orderId the order
 * @param total quantity times unit price
 * @param currency the code of ISO 4217
 */
public record OrderPlaced(String orderId, BigDecimal total, String currency) {

    /** The channel of these events. */
    public static final String CHANNEL = "order_placed";
}
