package io.github.pgqueue.cdi.telemetry;

import io.github.pgqueue.queue.Job;
import io.github.pgqueue.spi.Telemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Spans and metrics of jobs by the OpenTelemetry semantic conventions for messaging, with {@code pgqueue} as the system.
 * Made by the extension, or by an application in plain Java for the manager's builder. Thread-safe.
 *
 * <p>Spans: {@code push q} (PRODUCER, type send), {@code pop q} (CLIENT, type receive; only by hand, and only if there was a
 * job), {@code process q} (CONSUMER) around each run of a worker, and {@code complete q}, {@code fail q}, {@code retry q},
 * {@code dead q}, {@code release q} (CLIENT, type settle) within it. Jobs whose handlers have no transaction are completed
 * several at a time, after their runs: in a span of its own that is linked to their pushes. The context of the push travels in the job's headers,
 * in the format of the configured propagators; the baggage is there again when the worker runs. Exceptions are named
 * by their class only: their messages may quote a payload.
 *
 * <p>Metrics: {@code messaging.client.sent.messages}, {@code messaging.client.consumed.messages},
 * {@code messaging.client.operation.duration}, {@code messaging.process.duration}, the latter two in seconds.
 */
public final class MessagingTelemetry implements Telemetry {

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final Measures measures;
    private final ProcessSpan processSpan;

    /** Workers' spans are linked to those of the pushes. */
    public MessagingTelemetry(OpenTelemetry openTelemetry) {
        this(openTelemetry, ProcessSpan.LINKED);
    }

    public MessagingTelemetry(OpenTelemetry openTelemetry, ProcessSpan processSpan) {
        this.tracer = openTelemetry.getTracer(Names.SCOPE);
        this.propagator = openTelemetry.getPropagators().getTextMapPropagator();
        this.measures = new Measures(openTelemetry.getMeter(Names.SCOPE));
        this.processSpan = processSpan;
    }

    @Override
    public Activity begin(Operation operation) {
        if (operation instanceof Operation.Push push) {
            return push(push);
        }
        if (operation instanceof Operation.Work work) {
            return work(work);
        }
        if (operation instanceof Operation.Settle settle) {
            return settle(settle);
        }
        return new PopActivity(operation.queue(), tracer, propagator, measures);
    }

    private Activity push(Operation.Push push) {
        AttributesBuilder attributes = Names.attributes(push.queue(), "push", "send");
        SpanBuilder span = tracer.spanBuilder("push " + push.queue()).setSpanKind(SpanKind.PRODUCER);
        if (push.jobs() > 1) {
            span.setAttribute(Names.BATCH_COUNT, (long) push.jobs());
        }
        if (push.requestId() != null) {
            span.setAttribute(Names.CONVERSATION_ID, push.requestId().toString());
        }
        Map<String, String> given = push.headers();
        AtomicLong jobs = new AtomicLong(push.jobs());
        return new SpanActivity(span, Context.current(), attributes, measures.sent(jobs::get)) {

            /** A push that says itself which trace it belongs to is left alone: halves of two would be worse. */
            @Override
            public Map<String, String> headers() {
                if (propagator.fields().stream().anyMatch(given::containsKey)) {
                    return Map.of();
                }
                Map<String, String> added = new HashMap<>();
                propagator.inject(context(), added, (carrier, name, value) -> added.put(name, value));
                return added;
            }

            @Override
            public void pushed(List<Long> ids) {
                if (ids.size() == 1) {
                    span().setAttribute(Names.MESSAGE_ID, ids.get(0).toString());
                }
            }

            @Override
            public void pushed(long streamed) {
                jobs.set(streamed);
                span().setAttribute(Names.BATCH_COUNT, streamed);
            }
        };
    }

    private Activity work(Operation.Work work) {
        Job<?> job = work.job();
        AttributesBuilder attributes = Names.attributes(job.queue(), "process", "process");
        SpanBuilder span = tracer.spanBuilder("process " + job.queue())
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute(Names.ATTEMPT, (long) job.attempt());
        Names.identify(span, job);
        Context pushed = HeaderGetter.extract(propagator, job);
        SpanContext creation = Span.fromContext(pushed).getSpanContext();
        Context parent = Context.current().with(Baggage.fromContext(pushed));
        if (creation.isValid() && processSpan == ProcessSpan.CHILD) {
            parent = pushed;
        } else if (creation.isValid()) {
            span.addLink(creation);
        }
        measures.consumed(1, attributes.build());
        return new SpanActivity(span, parent, attributes, measures.processed());
    }

    private Activity settle(Operation.Settle settle) {
        String verb = settle.verb().toString();
        AttributesBuilder attributes = Names.attributes(settle.queue(), verb, "settle");
        SpanBuilder span = tracer.spanBuilder(verb + " " + settle.queue()).setSpanKind(SpanKind.CLIENT);
        if (settle.jobs().size() == 1) {
            Names.identify(span, settle.jobs().get(0));
        } else {
            span.setAttribute(Names.BATCH_COUNT, (long) settle.jobs().size());
        }
        Context parent = Context.current();
        if (!Span.fromContext(parent).getSpanContext().isValid()) {
            settle.jobs().stream()
                    .map(job -> Span.fromContext(HeaderGetter.extract(propagator, job))
                            .getSpanContext())
                    .filter(SpanContext::isValid)
                    .forEach(span::addLink);
        }
        return new SpanActivity(span, parent, attributes, measures.settled());
    }
}
