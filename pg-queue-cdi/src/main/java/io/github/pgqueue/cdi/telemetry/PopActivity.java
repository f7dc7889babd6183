package io.github.pgqueue.cdi.telemetry;

import io.github.pgqueue.QueueName;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.spi.Telemetry.Activity;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pop by hand: its span is made afterwards, with links to the pushes of what it found; none if it found nothing. */
final class PopActivity implements Activity {

    private final QueueName queue;
    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final Measures measures;
    private final Instant begun = Instant.now();
    private final long begunNanos = System.nanoTime();
    private Collection<? extends Job<?>> jobs = List.of();

    PopActivity(QueueName queue, Tracer tracer, TextMapPropagator propagator, Measures measures) {
        this.queue = queue;
        this.tracer = tracer;
        this.propagator = propagator;
        this.measures = measures;
    }

    @Override
    public void popped(Collection<? extends Job<?>> found) {
        this.jobs = found;
    }

    @Override
    public void end(@Nullable Throwable failure) {
        AttributesBuilder attributes = Names.attributes(queue, "pop", "receive");
        if (failure != null) {
            attributes.put(Names.ERROR_TYPE, failure.getClass().getName());
        }
        if (failure != null || !jobs.isEmpty()) {
            span(attributes, failure);
        }
        measures.popped(jobs.size()).record((System.nanoTime() - begunNanos) / 1e9, attributes.build());
    }

    private void span(AttributesBuilder attributes, @Nullable Throwable failure) {
        SpanBuilder builder = tracer.spanBuilder("pop " + queue)
                .setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(begun)
                .setAllAttributes(attributes.build())
                .setAttribute(Names.BATCH_COUNT, (long) jobs.size());
        for (Job<?> job : jobs) {
            SpanContext creation =
                    Span.fromContext(HeaderGetter.extract(propagator, job)).getSpanContext();
            if (creation.isValid()) {
                builder.addLink(creation);
            }
        }
        Span span = builder.startSpan();
        if (failure != null) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
