package io.github.pgqueue.shop.web;

import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.shop.invoices.Invoice;
import io.github.pgqueue.shop.invoices.MailServer;
import io.github.pgqueue.shop.jdbc.Statements;
import io.github.pgqueue.shop.prices.QuoteRequest;
import io.github.pgqueue.shop.receipts.Receipt;
import io.github.pgqueue.shop.shipments.Shipment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Shows the queues. */
@Path("queues")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class QueueResource {

    @Inject
    @PgQueue("receipts")
    JobQueue<Receipt> receipts;

    @Inject
    @PgQueue("shipments")
    JobQueue<Shipment> shipments;

    @Inject
    @PgQueue("invoices")
    JobQueue<Invoice> invoices;

    @Inject
    @PgQueue(QuoteRequest.QUEUE)
    JobQueue<QuoteRequest> quotes;

    @Inject
    MailServer mails;

    @Inject
    Statements statements;

    /** Their state now. The mails that were sent are those of this node. */
    @GET
    public QueuesView queues() {
        return new QueuesView(List.of(
                QueueState.of("receipts", receipts.stats(), statements.number(WebSql.RECEIPTS)),
                QueueState.of("shipments", shipments.stats(), statements.number(WebSql.PARCELS)),
                QueueState.of("invoices", invoices.stats(), mails.sent()),
                QueueState.of(QuoteRequest.QUEUE, quotes.stats(), null)));
    }
}
