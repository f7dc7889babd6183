package io.github.pgqueue.shop.invoices;

/**
 * A mail.
 *
 * @param messageId by which the receiver recognises a mail that comes twice
 * @param to the address
 * @param text what it says
 */
public record Mail(String messageId, String to, String text) {}
