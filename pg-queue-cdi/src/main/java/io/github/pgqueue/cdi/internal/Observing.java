package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.cdi.telemetry.ProcessSpan;

/**
 * What configuration says about health checks and telemetry.
 *
 * @param health whether there are health checks; default true
 * @param telemetry whether an {@code OpenTelemetry} bean is used; default true
 * @param processSpan how the span of a worker belongs to that of the push; default linked
 */
record Observing(boolean health, boolean telemetry, ProcessSpan processSpan) {

    static final Observing DEFAULTS = new Observing(true, true, ProcessSpan.LINKED);

    Observing withHealth(boolean value) {
        return new Observing(value, telemetry, processSpan);
    }

    Observing withTelemetry(boolean value) {
        return new Observing(health, value, processSpan);
    }

    Observing withProcessSpan(ProcessSpan value) {
        return new Observing(health, telemetry, value);
    }
}
