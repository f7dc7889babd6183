package io.github.pgqueue.shop.board;

import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.shop.desk.CardTerminal;
import io.github.pgqueue.shop.desk.OrderPlaced;
import io.github.pgqueue.shop.invoices.InvoiceSender;
import io.github.pgqueue.shop.invoices.MailServer;
import io.github.pgqueue.shop.jdbc.Statements;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the orders that every node of the shop places. An event reaches the observers of all nodes, so each node can
 * also be asked what it saw: the roll is called by an event, and each answers with a row.
 */
@ApplicationScoped
public class LiveBoard {

    private final LongAdder orders = new LongAdder();
    private final LongAdder strays = new LongAdder();

    @Inject
    Statements statements;

    @Inject
    CardTerminal cards;

    @Inject
    InvoiceSender invoices;

    @Inject
    MailServer mailServer;

    @Inject
    @PgChannel(RollCall.CHANNEL)
    EventChannel<RollCall> rollCalls;

    void placed(@Observes @PgChannel(OrderPlaced.CHANNEL) OrderPlaced event) {
        orders.increment();
        if (cards.declines(event.orderId())) {
            strays.increment();
        }
    }

    void called(@Observes @PgChannel(RollCall.CHANNEL) RollCall call) {
        statements.update(
                BoardSql.REPORT,
                call.number(),
                ProcessHandle.current().pid(),
                orders.sum(),
                strays.sum(),
                mailServer.sent(),
                mailServer.refused(),
                invoices.mostAttempts());
    }

    /** Asks every node for its report. */
    public void callRoll(int number) {
        rollCalls.publish(new RollCall(number));
    }

    /** The reports that have come in on a call. */
    public List<Report> reports(int call) {
        return statements.rows(
                BoardSql.REPORTS,
                row -> new Report(
                        row.getLong("node"),
                        row.getLong("orders_seen"),
                        row.getLong("strays_seen"),
                        row.getLong("mails_sent"),
                        row.getLong("mails_refused"),
                        row.getLong("most_attempts")),
                call);
    }
}
