package io.github.pgqueue;

/**
 * Something that is wrong with the database, the driver or their configuration, as {@link PgQueueManager#selfTest()}
 * found it. Immutable; has no secret.
 *
 * @param code the number of the error, such as {@code PGQ7132}, which the README lists
 * @param severity how much it matters
 * @param sentence what is wrong, and what that leads to, in one sentence without a full stop
 * @param fix what to do about it
 */
public record SelfTestFinding(String code, Severity severity, String sentence, String fix) {

    /** How much a finding matters. */
    public enum Severity {
        /** It will hurt: at start it is a WARNING of the log. */
        WARNING,
        /** It may be meant, as a database for tests that is not durable: at start it is logged at DEBUG only. */
        NOTICE
    }

    /** The finding in one line. */
    @Override
    public String toString() {
        return code + ": " + sentence + "; " + fix;
    }
}
