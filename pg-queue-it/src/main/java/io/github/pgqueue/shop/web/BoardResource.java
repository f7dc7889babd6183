package io.github.pgqueue.shop.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;

/** The live board, as server-sent events: one named {@code open}, then one named {@code placed} for each order. */
@Path("board")
@ApplicationScoped
public class BoardResource {

    @Inject
    BoardStream stream;

    /** Watches until the page goes away. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void watch(@Context SseEventSink sink, @Context Sse sse) {
        stream.watch(sink, sse);
    }
}
