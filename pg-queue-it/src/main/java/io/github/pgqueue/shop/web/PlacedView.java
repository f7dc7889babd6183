package io.github.pgqueue.shop.web;

import io.github.pgqueue.shop.desk.OrderPlaced;

/** The event that an order was placed, as the live board shows it. */
record PlacedView(String orderId, String total, String currency) implements JsonView {

    static PlacedView of(OrderPlaced event) {
        return new PlacedView(event.orderId(), Money.plain(event.total()), event.currency());
    }
}
