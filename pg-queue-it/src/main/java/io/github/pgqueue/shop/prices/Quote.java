package io.github.pgqueue.shop.prices;

import java.math.BigDecimal;

/**
 * The answer to a {@link QuoteRequest}.
 *
 * @param total what it costs
 * @param node the process that answered
 */
public record Quote(BigDecimal total, long node) {}
