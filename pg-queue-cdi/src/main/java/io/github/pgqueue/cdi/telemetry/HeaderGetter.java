package io.github.pgqueue.cdi.telemetry;

import io.github.pgqueue.queue.Job;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a trace context out of the headers of a job. */
enum HeaderGetter implements TextMapGetter<Map<String, String>> {
    INSTANCE;

    /** The context of the push; without a span if there was none. */
    static Context extract(TextMapPropagator propagator, Job<?> job) {
        return propagator.extract(Context.root(), job.headers(), INSTANCE);
    }

    @Override
    public Iterable<String> keys(Map<String, String> headers) {
        return headers.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> headers, String name) {
        return headers == null ? null : headers.get(name);
    }
}
