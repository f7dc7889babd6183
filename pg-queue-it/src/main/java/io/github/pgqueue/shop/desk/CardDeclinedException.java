package io.github.pgqueue.shop.desk;

/** The customer's card was declined. Unchecked, so that {@code @Transactional} rolls back. */
public final class CardDeclinedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CardDeclinedException(String orderId) {
        super("the card for order " + orderId + " was declined");
    }
}
