package io.github.pgqueue.shop.orders;

/** Why a record is not an order; carries no stack trace, since a file may hold very many. */
final class BadFieldException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    BadFieldException(String reason) {
        super(reason, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
