package io.github.pgqueue.shop.invoices;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/** Stands in for a mail server that is often busy: it refuses about one mail in five, at random. */
@ApplicationScoped
public class MailServer {

    private static final double BUSY = 0.2;

    private final Random random = new Random(42);
    private final LongAdder sent = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** Sends a mail, or throws {@link MailRefusedException}. */
    public void send(Mail mail) {
        if (random.nextDouble() < BUSY) {
            refused.increment();
            throw new MailRefusedException();
        }
        sent.increment();
    }

    /** How many mails were sent. */
    public long sent() {
        return sent.sum();
    }

    /** How many times a mail was refused. */
    public long refused() {
        return refused.sum();
    }
}
