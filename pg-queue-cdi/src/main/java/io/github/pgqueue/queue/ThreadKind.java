package io.github.pgqueue.queue;

/** What kind of threads runs the jobs of a worker; known from its first job on. */
public enum ThreadKind {
    /** No job has run yet. */
    UNKNOWN,
    /** Threads of the operating system. */
    PLATFORM,
    /** Virtual threads, as a thread factory or executor on JDK 21 and later may give. */
    VIRTUAL
}
