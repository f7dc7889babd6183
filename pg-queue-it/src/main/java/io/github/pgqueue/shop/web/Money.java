package io.github.pgqueue.shop.web;

import java.math.BigDecimal;

/** How amounts are shown. */
final class Money {

    /** Everything in the shop is sold for this one. */
    static final String CURRENCY = "EUR";

    private Money() {}

    static String plain(BigDecimal amount) {
        return amount.toPlainString();
    }
}
