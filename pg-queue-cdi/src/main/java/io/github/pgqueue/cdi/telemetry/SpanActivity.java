package io.github.pgqueue.cdi.telemetry;

import io.github.pgqueue.spi.Telemetry.Activity;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/** An operation with a span that is the current one as long as it goes on. */
class SpanActivity implements Activity {

    private final Span span;
    private final Context context;
    private final Scope scope;
    private final AttributesBuilder attributes;
    private final Measures.Measure measure;
    private final long begun = System.nanoTime();

    /** Begins. */
    @SuppressWarnings("MustBeClosedChecker") // end() closes it, which always comes
    SpanActivity(SpanBuilder span, Context parent, AttributesBuilder attributes, Measures.Measure measure) {
        this.attributes = attributes;
        this.measure = measure;
        this.span = span.setParent(parent).setAllAttributes(attributes.build()).startSpan();
        this.context = parent.with(this.span);
        this.scope = context.makeCurrent();
    }

    final Span span() {
        return span;
    }

    final Context context() {
        return context;
    }

    @Override
    public final void end(@Nullable Throwable failure) {
        scope.close();
        if (failure != null) {
            String type = failure.getClass().getName();
            attributes.put(Names.ERROR_TYPE, type);
            span.setAttribute(Names.ERROR_TYPE, type);
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
        measure.record((System.nanoTime() - begun) / 1e9, attributes.build());
    }
}
