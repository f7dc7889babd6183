package io.github.pgqueue.shop.web;

import io.github.pgqueue.rpc.RequestResponse;
import io.github.pgqueue.shop.prices.Quote;
import io.github.pgqueue.shop.prices.QuoteRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks a worker for a quote and waits for the answer; any node of the shop may give it. */
@Path("quotes")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class QuoteResource {

    private static final int MAX_QUANTITY = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Inject
    RequestResponse requests;

    /** What so many of an article cost. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public QuoteView quote(@Nullable JsonInput body) {
        JsonInput input = JsonInput.required(body).only("sku", "quantity");
        String sku = Texts.sku(input.text("sku"));
        int quantity = input.wholeNumber("quantity", 1, MAX_QUANTITY);
        long begin = System.nanoTime();
        Quote quote = requests.pushAndWait(QuoteRequest.QUEUE, new QuoteRequest(sku, quantity), Quote.class, PATIENCE);
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin);
        return new QuoteView(sku, quantity, Money.plain(quote.total()), Money.CURRENCY, quote.node(), micros);
    }
}
