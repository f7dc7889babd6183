package io.github.pgqueue.shop.invoices;

import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.queue.Job;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * Sends invoices. Each is sent at least once: the job is completed after the mail, and a worker that dies in between
 * sends it again. The id of the job is the same each time, and so is the id of the mail.
 */
@ApplicationScoped
public class InvoiceSender {

    private final LongAccumulator mostAttempts = new LongAccumulator(Math::max, 0);

    @Inject
    MailServer mailServer;

    /** Works one job; what it throws makes the library try again a little later. */
    @PgWorker("invoices")
    public void send(Job<Invoice> job) {
        Invoice invoice = job.payload();
        String text = "Dear " + invoice.customer() + ", please pay " + invoice.total() + " " + invoice.currency()
                + " for your order " + invoice.orderId() + ".";
        mostAttempts.accumulate(job.attempt());
        mailServer.send(new Mail("invoice-" + job.id(), invoice.email(), text));
    }

    /** How many attempts the most unlucky invoice took on this node. */
    public long mostAttempts() {
        return mostAttempts.get();
    }
}
