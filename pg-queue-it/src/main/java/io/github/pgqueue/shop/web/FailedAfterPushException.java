package io.github.pgqueue.shop.web;

/** The failure that was ordered: everything was written and pushed, nothing committed. Rolls the transaction back. */
final class FailedAfterPushException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Trace before;

    FailedAfterPushException(Trace before) {
        super("The desk failed after the push, as you asked: the transaction was rolled back.");
        this.before = before;
    }

    /** What the transaction saw just before it failed. */
    Trace before() {
        return before;
    }
}
