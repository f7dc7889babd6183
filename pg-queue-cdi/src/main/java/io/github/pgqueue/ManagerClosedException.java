package io.github.pgqueue;

/** The manager, listener or subscription that was used has been closed. */
public final class ManagerClosedException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    /** PGQ7004. */
    public ManagerClosedException(String what) {
        super("PGQ7004", what + " is closed; create another one", null);
    }
}
