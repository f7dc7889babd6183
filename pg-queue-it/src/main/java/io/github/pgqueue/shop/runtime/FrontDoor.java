package io.github.pgqueue.shop.runtime;

import io.github.pgqueue.shop.web.BoardResource;
import io.github.pgqueue.shop.web.OrderResource;
import io.github.pgqueue.shop.web.PriceResource;
import io.github.pgqueue.shop.web.QueueResource;
import io.github.pgqueue.shop.web.QuoteResource;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;

/** Leads to the beans that are the resources, and to the files of the page. */
@Path("/")
public final class FrontDoor {

    private final Node node;
    private final PageFiles page;

    FrontDoor(Node node, PageFiles page) {
        this.node = node;
        this.page = page;
    }

    /** The live board. */
    @Path("api/board")
    public BoardResource board() {
        return node.get(BoardResource.class);
    }

    /** The orders. */
    @Path("api/orders")
    public OrderResource orders() {
        return node.get(OrderResource.class);
    }

    /** The prices. */
    @Path("api/prices")
    public PriceResource prices() {
        return node.get(PriceResource.class);
    }

    /** The queues. */
    @Path("api/queues")
    public QueueResource queues() {
        return node.get(QueueResource.class);
    }

    /** The quotes. */
    @Path("api/quotes")
    public QuoteResource quotes() {
        return node.get(QuoteResource.class);
    }

    /** The page itself. */
    @GET
    public Response page() {
        return page.answer("index.html");
    }

    /** What the page consists of. */
    @GET
    @Path("{file: [a-z-]+[.][a-z]+}")
    public Response file(@PathParam("file") String file) {
        return page.answer(file);
    }
}
