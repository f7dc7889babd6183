package io.github.pgqueue.shop.desk;

/** The order is in the database already. Unchecked, so that {@code @Transactional} rolls back. */
public final class DuplicateOrderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long firstLine;

    DuplicateOrderException(long firstLine) {
        super("order_id is a duplicate of line " + firstLine);
        this.firstLine = firstLine;
    }

    /** The line from which the order with this id came. */
    public long firstLine() {
        return firstLine;
    }
}
