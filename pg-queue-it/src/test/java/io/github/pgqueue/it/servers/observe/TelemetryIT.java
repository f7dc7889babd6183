package io.github.pgqueue.it.servers.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The application's OpenTelemetry, if it has one, sees a job from its push to its end. */
@ExtendWith(ArquillianExtension.class)
@Proves(Feature.TELEMETRY)
class TelemetryIT {

    @Inject
    private Traces traces;

    @Inject
    private Sender sender;

    @Deployment
    static WebArchive archive() {
        return Deployments.telemetry(
                "telemetry", TelemetryIT.class, Traces.class, Spans.class, Sender.class, Worker.class);
    }

    /** The telemetry of the application. */
    @ApplicationScoped
    public static class Traces {

        private final Spans spans = new Spans();
        private final OpenTelemetry telemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();

        @Produces
        @ApplicationScoped
        OpenTelemetry telemetry() {
            return telemetry;
        }

        public Optional<SpanData> find(String name) {
            return spans.find(name);
        }

        public SpanData await(String name) {
            return Awaitility.await(name)
                    .until(() -> find(name), Optional::isPresent)
                    .orElseThrow();
        }
    }

    /** Pushes. */
    @ApplicationScoped
    public static class Sender {

        @Inject
        @PgQueue("traced")
        private JobQueue<String> queue;

        @Transactional
        public void send() {
            queue.push("x");
        }
    }

    /** Works, with the end of the job in its transaction. */
    @ApplicationScoped
    public static class Worker {

        @Inject
        private Databases databases;

        @Transactional
        @PgWorker("traced")
        public void work(Job<String> job) {
            databases.effect("traced", job.id());
        }
    }

    @Test
    void push_thenWorked_isProcessedInASpanThatIsLinkedToThePush() {
        sender.send();

        SpanData process = traces.await("process traced");
        SpanData complete = traces.await("complete traced");
        SpanData push = traces.await("push traced");
        assertThat(process.getLinks())
                .extracting(LinkData::getSpanContext)
                .extracting(SpanContext::getSpanId)
                .containsExactly(push.getSpanId());
        assertThat(complete.getParentSpanId()).isEqualTo(process.getSpanId());
    }
}
