package io.github.pgqueue;

/** When a wake-up or a signal is sent that belongs to a JTA transaction. Outside of JTA it is always sent inside. */
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
