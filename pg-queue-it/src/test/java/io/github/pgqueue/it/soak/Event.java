package io.github.pgqueue.it.soak;

/** What has to happen in a soak, or it has shown nothing. */
enum Event {
    /** A push whose transaction was rolled back. */
    PUSH_ROLLED_BACK,
    /** A push whose transaction was committed long after it had drawn its ids. */
    PUSH_COMMITTED_LATE,
    PUSH_PREPARED,
    PUSH_DELAYED,
    /** A push by INSERT or by the function for SQL. */
    PUSH_BY_SQL,
    /** A handler, or a worker by hand, that wanted its job again later. */
    JOB_RETRIED,
    /** A handler that threw. */
    JOB_FAILED,
    /** A job by hand that was given back. */
    JOB_RELEASED,
    /** A job by hand that was popped and forgotten. */
    JOB_ABANDONED,
    /** A completion by hand in a transaction that was prepared. */
    COMPLETION_PREPARED,
    /** An end by somebody who did not hold the job any more. */
    END_REFUSED,
    /** A job that a worker gave back since its node was closed. */
    JOB_GIVEN_BACK,
    NODE_KILLED,
    /** A process that was stopped for longer than its leases, and went on. */
    NODE_FROZEN,
    NODE_CLOSED,
    SERVER_CRASHED,
    SESSION_TERMINATED,
    PREPARED_COMMITTED,
    PREPARED_ROLLED_BACK
}
