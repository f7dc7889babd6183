package io.github.pgqueue;

/** An argument is out of its range, or contradicts another. Thrown before anything reaches the database. */
public final class InvalidArgumentException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    /**
     * Says which argument is wrong, and what would be right.
     *
     * @param code the number that belongs to the operation: PGQ1006, PGQ1007, PGQ3003, PGQ3004 or PGQ4004
     */
    public InvalidArgumentException(String code, String message) {
        super(code, message, null);
    }
}
