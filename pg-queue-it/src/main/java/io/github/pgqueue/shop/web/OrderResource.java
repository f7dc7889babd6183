package io.github.pgqueue.shop.web;

import io.github.pgqueue.shop.desk.CardTerminal;
import io.github.pgqueue.shop.desk.OrderDesk;
import io.github.pgqueue.shop.orders.Order;
import io.github.pgqueue.shop.prices.PriceList;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Places orders, and tells what there is of one. */
@Path("orders")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class OrderResource {

    private static final int MAX_QUANTITY = 1_000;

    /** These orders come from no file. */
    private static final long NO_LINE = 0;

    @Inject
    OrderDesk desk;

    @Inject
    FailingDesk failingDesk;

    @Inject
    CardTerminal cards;

    @Inject
    PriceList prices;

    @Inject
    Traces traces;

    /** Places an order; with {@code failAfterPush} it fails at the very end, and nothing stays. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response place(@Nullable JsonInput body) {
        JsonInput input = JsonInput.required(body).only("customer", "email", "sku", "quantity", "failAfterPush");
        String customer = Texts.customer(input.text("customer"));
        String email = Texts.email(input.text("email"));
        String sku = Texts.sku(input.text("sku"));
        int quantity = input.wholeNumber("quantity", 1, MAX_QUANTITY);
        boolean failAfterPush = input.flag("failAfterPush");
        BigDecimal price = prices.price(sku);
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        Order order = new Order(newId(), customer, email, sku, quantity, price, Money.CURRENCY, now);
        return failAfterPush ? fail(order) : place(order);
    }

    /** What is in the database of an order. */
    @GET
    @Path("{orderId}")
    public Trace trace(@PathParam("orderId") String orderId) {
        return traces.of(Texts.orderId(orderId));
    }

    private Response place(Order order) {
        desk.place(NO_LINE, order);
        return Response.status(Status.CREATED).entity(OrderView.of(order)).build();
    }

    private Response fail(Order order) {
        try {
            failingDesk.place(NO_LINE, order);
            throw new IllegalStateException("the failing desk did not fail");
        } catch (FailedAfterPushException e) {
            Trace after = traces.of(order.orderId());
            return Response.status(Status.CONFLICT)
                    .entity(new RolledBackView(String.valueOf(e.getMessage()), order.orderId(), e.before(), after))
                    .build();
        }
    }

    /** The bank declines some cards by the id of the order; here it is the visitor who decides what fails. */
    private String newId() {
        while (true) {
            String id = "WEB-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
            if (!cards.declines(id)) {
                return id;
            }
        }
    }
}
