package io.github.pgqueue.shop.desk;

/** The order is in the database already. Unchecked, so that {@code @Transactional} rolls back. */
public final class DuplicateOrderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DuplicateOrderException(long firstLine) {
        super("order_id is a duplicate of line " + firstLine);
    }
}
