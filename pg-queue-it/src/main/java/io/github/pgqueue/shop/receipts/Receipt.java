package io.github.pgqueue.shop.receipts;

import java.math.BigDecimal;

/**
 * The job to write a receipt.
 *
 * @param orderId the order
 * @param total what was paid
 * @param currency the code of ISO 4217
 */
public record Receipt(String orderId, BigDecimal total, String currency) {}
