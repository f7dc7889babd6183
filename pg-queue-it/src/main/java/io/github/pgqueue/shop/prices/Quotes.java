package io.github.pgqueue.shop.prices;

import io.github.pgqueue.cdi.PgWorker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;

/** Answers requests for quotes: what a worker returns is the answer. */
@ApplicationScoped
public class Quotes {

    @Inject
    PriceList prices;

    /** Works one request. */
    @PgWorker(QuoteRequest.QUEUE)
    public Quote quote(QuoteRequest request) {
        BigDecimal total = prices.price(request.sku()).multiply(BigDecimal.valueOf(request.quantity()));
        return new Quote(total, ProcessHandle.current().pid());
    }
}
