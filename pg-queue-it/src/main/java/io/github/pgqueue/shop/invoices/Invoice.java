package io.github.pgqueue.shop.invoices;

import java.math.BigDecimal;

/**
 * The job to send an invoice.
 *
 * @param orderId the order
 * @param customer the name of the customer
 * @param email where it goes
 * @param total what is to be paid
 * @param currency the code of ISO 4217
 */
public record Invoice(String orderId, String customer, String email, BigDecimal total, String currency) {}
