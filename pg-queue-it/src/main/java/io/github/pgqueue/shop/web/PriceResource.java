package io.github.pgqueue.shop.web;

import io.github.pgqueue.shop.prices.PriceList;
import io.github.pgqueue.shop.prices.PriceLookup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.TimeUnit;

/** Looks prices up, in the cache first. */
@Path("prices")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class PriceResource {

    @Inject
    PriceList prices;

    /** The price of an article, and whether the cache had it. */
    @GET
    @Path("{sku}")
    public PriceView price(@PathParam("sku") String article) {
        String sku = Texts.sku(article);
        long begin = System.nanoTime();
        PriceLookup found = prices.lookUp(sku);
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin);
        return new PriceView(
                sku, Money.plain(found.price()), Money.CURRENCY, found.hit(), prices.hits(), prices.misses(), micros);
    }

    /** Takes a price out of the cache, so that the next look-up is a miss. */
    @DELETE
    @Path("{sku}")
    public ForgottenView forget(@PathParam("sku") String article) {
        String sku = Texts.sku(article);
        return new ForgottenView(sku, prices.forget(sku));
    }
}
