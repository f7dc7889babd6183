package io.github.pgqueue.cdi.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.DoubleHistogramBuilder;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.function.LongSupplier;

/** The metrics of the semantic conventions. */
final class Measures {

    /** In seconds, as the conventions advise. */
    private static final List<Double> BUCKETS =
            List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

    private final LongCounter sent;
    private final LongCounter consumed;
    private final DoubleHistogram operationDuration;
    private final DoubleHistogram processDuration;

    /** What is recorded when an operation has ended. */
    @FunctionalInterface
    interface Measure {
        void record(double seconds, Attributes attributes);
    }

    Measures(Meter meter) {
        this.sent = counter(meter, "messaging.client.sent.messages", "Number of jobs that were pushed.");
        this.consumed = counter(
                meter, "messaging.client.consumed.messages", "Number of jobs that were given to the application.");
        this.operationDuration = histogram(
                meter, "messaging.client.operation.duration", "Duration of pushing, popping and settling jobs.");
        this.processDuration = histogram(meter, "messaging.process.duration", "Duration of the runs of jobs.");
    }

    Measure sent(LongSupplier jobs) {
        return (seconds, attributes) -> {
            sent.add(jobs.getAsLong(), attributes);
            operationDuration.record(seconds, attributes);
        };
    }

    Measure settled() {
        return operationDuration::record;
    }

    Measure popped(int jobs) {
        return (seconds, attributes) -> {
            if (jobs > 0) {
                consumed.add(jobs, attributes);
            }
            operationDuration.record(seconds, attributes);
        };
    }

    Measure processed() {
        return processDuration::record;
    }

    void consumed(int jobs, Attributes attributes) {
        consumed.add(jobs, attributes);
    }

    private static LongCounter counter(Meter meter, String name, String description) {
        return meter.counterBuilder(name)
                .setUnit("{message}")
                .setDescription(description)
                .build();
    }

    private static DoubleHistogram histogram(Meter meter, String name, String description) {
        DoubleHistogramBuilder builder =
                meter.histogramBuilder(name).setUnit("s").setDescription(description);
        try {
            builder.setExplicitBucketBoundariesAdvice(BUCKETS);
        } catch (NoSuchMethodError e) {
            // Before API 1.32, which is what Payara 6 has: the application's SDK chooses the buckets.
        }
        return builder.build();
    }
}
