package io.github.pgqueue;

/**
 * When the workers of a queue are woken by a push, and when a signal is sent that belongs to a JTA transaction. In a
 * transaction on a connection of the caller's ({@code using}), and by SQL, it is always the commit itself that does it.
 */
public enum NotifyMode {
    /**
     * After the commit, by a thread of the library, many at once: the commit waits for no lock of the server, and two-phase
     * commit works. A signal is lost if the process dies in between; a lost wake-up costs one poll interval. The default.
     */
    AFTER_COMMIT,
    /**
     * By the very commit. Every such commit of the whole server waits for the one before, and a transaction with two XA
     * resources cannot commit: PostgreSQL refuses to prepare it.
     */
    IN_TRANSACTION
}
