package io.github.pgqueue.it.bench;

import java.util.Objects;

/** Which figure of a run is compared. */
enum Measure {
    RATE("jobs/s"),
    CALL_RATE("calls/s"),
    P50("ms"),
    P99("ms"),
    SERVER_CPU("us/job"),
    WAL("B/job");

    private final String unit;

    Measure(String unit) {
        this.unit = unit;
    }

    String unit() {
        return unit;
    }

    /** Whether it can be told at all. */
    boolean isKnown(Run run) {
        return this != SERVER_CPU || run.cost().serverCpu() != null;
    }

    double of(Run run) {
        return switch (this) {
            case RATE, CALL_RATE -> run.timing().rate();
            case P50 -> run.timing().p50();
            case P99 -> run.timing().p99();
            case SERVER_CPU -> Objects.requireNonNull(run.cost().serverCpu());
            case WAL -> run.cost().walBytes();
        };
    }
}
