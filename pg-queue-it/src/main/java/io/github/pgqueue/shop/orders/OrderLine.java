package io.github.pgqueue.shop.orders;

/** What one record of the file turned out to be. */
public sealed interface OrderLine {

    /** The number of the line, counted from 1, on which the record begins. */
    long line();

    /** A well-formed order. */
    record Accepted(long line, Order order) implements OrderLine {}

    /** Not an order; the reason is one line of printable text. */
    record Rejected(long line, String reason) implements OrderLine {}
}
