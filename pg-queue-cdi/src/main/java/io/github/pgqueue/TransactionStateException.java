package io.github.pgqueue;

import org.jspecify.annotations.Nullable;

/**
 * The operation does not fit the transaction of the calling thread: that transaction has ended or can only be rolled
 * back, or the operation must not run inside one. Nothing has been done.
 */
public final class TransactionStateException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    private TransactionStateException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }

    /** PGQ6003: there is a transaction, but nothing can be committed with it any more. */
    public static TransactionStateException notActive(String state) {
        return new TransactionStateException(
                "PGQ6003",
                "the transaction of this thread is " + state + ", so nothing can be committed with it; end it and"
                        + " repeat the operation in a new transaction",
                null);
    }

    /** PGQ6004: the transaction manager or its data source failed while the library joined. */
    public static TransactionStateException managerFailed(Throwable cause) {
        return new TransactionStateException(
                "PGQ6004",
                "the transaction manager could not be used: " + cause.getClass().getSimpleName(),
                cause);
    }

    /** PGQ6005: the transaction of a worker was rolled back from outside while the worker still ran. */
    public static TransactionStateException endedEarly() {
        return new TransactionStateException(
                "PGQ6005",
                "the transaction of the worker was rolled back while the worker still ran, as transaction managers do"
                        + " when a transaction times out; the worker was interrupted. Raise the transaction timeout, or"
                        + " work the job without a transaction",
                null);
    }

    /**
     * PGQ6008: a handler swallowed an error that had aborted its transaction.
     *
     * @param refused what the database said to the next statement
     */
    public static TransactionStateException aborted(StorageException refused) {
        Throwable next = refused.getCause();
        Throwable error = next == null || next.getCause() == null ? refused : next.getCause();
        return new TransactionStateException(
                "PGQ6008",
                "the handler went on after an SQL error in its transaction, of which PostgreSQL commits nothing since then,"
                        + " so it was rolled back and the attempt has failed. Let the exception leave the handler, set a"
                        + " savepoint before a statement that may fail, or avoid the error (INSERT ... ON CONFLICT DO"
                        + " NOTHING). The error was: " + StorageException.reason(error),
                error);
    }

    /** PGQ4001: a request was about to wait inside a transaction, where it could never be answered. */
    public static TransactionStateException requestInTransaction() {
        return new TransactionStateException(
                "PGQ4001",
                "a request cannot be sent inside an active transaction: a worker sees it only after that very"
                        + " transaction has ended, so the call could only time out. Send it before or after the"
                        + " transaction, or from a method with @Transactional(NOT_SUPPORTED)",
                null);
    }
}
