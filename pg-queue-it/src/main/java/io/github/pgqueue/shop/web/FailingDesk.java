package io.github.pgqueue.shop.web;

import io.github.pgqueue.shop.desk.OrderDesk;
import io.github.pgqueue.shop.orders.Order;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;

/** An order desk that does all its work and then fails, so that one can see what a rollback leaves: nothing. */
@ApplicationScoped
public class FailingDesk {

    @Inject
    OrderDesk desk;

    @Inject
    Traces traces;

    /** Places the order in this method's transaction, and throws. */
    @Transactional
    public void place(long line, Order order) {
        desk.place(line, order);
        throw new FailedAfterPushException(traces.of(order.orderId()));
    }
}
