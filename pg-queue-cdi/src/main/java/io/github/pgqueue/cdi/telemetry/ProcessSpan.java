package io.github.pgqueue.cdi.telemetry;

/** How the span of a worker's run belongs to the span of the push. */
public enum ProcessSpan {
    /** It begins a trace of its own and has a link to the push: jobs may run much later, and several times. */
    LINKED,
    /** It is a child of the push, in the same trace. */
    CHILD
}
