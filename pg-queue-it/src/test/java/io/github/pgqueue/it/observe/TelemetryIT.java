package io.github.pgqueue.it.observe;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.cdi.telemetry.MessagingTelemetry;
import io.github.pgqueue.cdi.telemetry.ProcessSpan;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.Probe;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushOptions;
import io.github.pgqueue.queue.WorkerOptions;
import io.github.pgqueue.spi.Telemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Traces and metrics by the semantic conventions for messaging, in plain Java. */
@PgQueueTest
class TelemetryIT {

    private static final AttributeKey<String> SYSTEM = stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = stringKey("messaging.operation.name");
    private static final AttributeKey<String> TYPE = stringKey("messaging.operation.type");
    private static final AttributeKey<String> DESTINATION = stringKey("messaging.destination.name");
    private static final AttributeKey<String> MESSAGE_ID = stringKey("messaging.message.id");
    private static final AttributeKey<String> ERROR = stringKey("error.type");
    private static final AttributeKey<Long> BATCH = longKey("messaging.batch.message_count");
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String TRACEPARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

    private final TestDatabase database;
    private final Telemetered telemetered = new Telemetered();
    private final Probe probe = new Probe();
    private final PgQueueManager manager;
    private String queue = "";

    TelemetryIT(TestDatabase database) {
        this.database = database;
        this.manager = manager(new MessagingTelemetry(telemetered.openTelemetry()));
    }

    private PgQueueManager manager(Telemetry telemetry) {
        return PgQueueManager.builder(database.dataSource())
                .config(TestNode.quick())
                .listener(probe)
                .telemetry(telemetry)
                .build();
    }

    @BeforeEach
    void create() {
        try (TestNode node = TestNode.on(database)) {
            queue = node.queueName();
        }
    }

    @AfterEach
    void close() {
        manager.close();
        telemetered.close();
    }

    @Test
    void push_thenWorked_isProcessedInASpanThatIsLinkedToThePush() {
        manager.work(queue, String.class, (job, context) -> Outcome.complete());
        manager.start();

        long id = queue().push("x").id();

        SpanData process = telemetered.only("process " + queue);
        SpanData push = telemetered.only("push " + queue);
        SpanData complete = telemetered.only("complete " + queue);
        assertThat(push.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertSpan(push, "push", "send", id);
        assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertSpan(process, "process", "process", id);
        assertThat(process.getAttributes().get(longKey("pgqueue.job.attempt"))).isEqualTo(1);
        assertThat(links(process)).containsExactly(push.getSpanContext());
        assertThat(process.getTraceId()).isNotEqualTo(push.getTraceId());
        assertThat(process.getParentSpanContext().isValid()).isFalse();
        assertThat(complete.getKind()).isEqualTo(SpanKind.CLIENT);
        assertSpan(complete, "complete", "settle", id);
        // Written after the run, with whatever else has ended meanwhile.
        assertThat(complete.getParentSpanContext().isValid()).isFalse();
        assertThat(links(complete)).containsExactly(push.getSpanContext());
    }

    @Test
    void push_insideASpan_isItsChild_andWhatTheWorkerPushesIsAChildOfTheRun() {
        manager.work(queue, String.class, (job, context) -> {
            if (job.payload().equals("first")) {
                queue().push("second");
            }
            return Outcome.complete();
        });
        manager.start();
        Span caller = telemetered
                .openTelemetry()
                .getTracer("test")
                .spanBuilder("caller")
                .startSpan();

        try (Scope scope = caller.makeCurrent()) {
            assertThat(scope).isNotNull();
            queue().push("first");
        } finally {
            caller.end();
        }

        List<SpanData> processes = telemetered.await("process " + queue, 2);
        List<SpanData> pushes = telemetered.spans("push " + queue);
        assertThat(pushes.get(0).getParentSpanId())
                .isEqualTo(caller.getSpanContext().getSpanId());
        assertThat(pushes.get(1).getParentSpanId())
                .isIn(processes.stream().map(SpanData::getSpanId).toList());
    }

    @Test
    void attempts_thatFail_areErrors_andEachIsLinkedToThePush() {
        manager.work(queue, String.class, WorkerOptions.transactional(), (job, context) -> {
            if (job.attempt() == 1) {
                throw new IllegalStateException("the payload was " + job.payload());
            }
            return job.attempt() == 2 ? Outcome.fail(new IOException("no")) : Outcome.complete();
        });
        manager.start();

        queue().push("x");

        List<SpanData> processes = telemetered.await("process " + queue, 3);
        SpanContext push = telemetered.only("push " + queue).getSpanContext();
        assertThat(processes).allSatisfy(process -> assertThat(links(process)).containsExactly(push));
        assertThat(processes)
                .extracting(process -> process.getAttributes().get(ERROR))
                .containsExactly("java.lang.IllegalStateException", "java.io.IOException", null);
        assertThat(processes)
                .extracting(SpanData::getStatus)
                .containsExactly(StatusData.error(), StatusData.error(), StatusData.unset());
        assertThat(processes)
                .allSatisfy(process -> assertThat(process.getEvents()).isEmpty());
        assertThat(telemetered.spans("fail " + queue)).hasSize(2);
        assertThat(telemetered.spans("complete " + queue)).hasSize(1);
    }

    @Test
    void push_usingAConnection_carriesItsContextThroughTheCommit() throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            manager.using(connection).queue(queue, String.class).push("rolled back");
            connection.rollback();
            manager.using(connection).queue(queue, String.class).push("committed");
            connection.commit();
        }
        manager.work(queue, String.class, (job, context) -> Outcome.complete());
        manager.start();

        SpanData process = telemetered.only("process " + queue);

        assertThat(links(process))
                .containsExactly(telemetered.spans("push " + queue).get(1).getSpanContext());
    }

    @Test
    void work_asChild_isInTheTraceOfThePush() {
        try (PgQueueManager child = manager(new MessagingTelemetry(telemetered.openTelemetry(), ProcessSpan.CHILD))) {
            child.work(queue, String.class, (job, context) -> Outcome.complete());
            child.start();
            child.queue(queue, String.class).push("x");

            SpanData process = telemetered.only("process " + queue);

            SpanData push = telemetered.only("push " + queue);
            assertThat(process.getTraceId()).isEqualTo(push.getTraceId());
            assertThat(process.getParentSpanId()).isEqualTo(push.getSpanId());
            assertThat(process.getLinks()).isEmpty();
        }
    }

    @Test
    void push_withATraceparentOfItsOwn_keepsItAndIsTracedBackToIt() {
        List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
        manager.work(queue, String.class, (job, context) -> {
            headers.add(job.headers());
            return Outcome.complete();
        });
        manager.start();

        queue().push(
                        "x",
                        PushOptions.none()
                                .withHeader("traceparent", TRACEPARENT)
                                .withHeader("mine", "stays"));

        SpanData process = telemetered.only("process " + queue);
        assertThat(headers).containsExactly(Map.of("traceparent", TRACEPARENT, "mine", "stays"));
        assertThat(links(process)).extracting(SpanContext::getTraceId).containsExactly(TRACE);
    }

    @Test
    void push_withoutTelemetry_addsNoHeader(TestNode node) {
        JobQueue<String> plain = node.queue();

        plain.push("x");

        assertThat(plain.pop().orElseThrow().headers()).isEmpty();
        assertThat(node.database().text("SELECT headers FROM queue_" + plain.name()))
                .isEqualTo("null");
    }

    @Test
    void work_hasTheBaggageOfThePush() {
        List<String> tenants = new CopyOnWriteArrayList<>();
        manager.work(queue, String.class, (job, context) -> {
            tenants.add(String.valueOf(Baggage.current().getEntryValue("tenant")));
            return Outcome.complete();
        });
        manager.start();

        try (Scope scope = Context.current()
                .with(Baggage.builder().put("tenant", "a b, c").build())
                .makeCurrent()) {
            assertThat(scope).isNotNull();
            queue().push("x");
        }

        telemetered.only("process " + queue);
        assertThat(tenants).containsExactly("a b, c");
    }

    @Test
    void pushAll_isOneSpanForTheBatch_toWhichEachRunIsLinked() {
        manager.work(queue, String.class, (job, context) -> Outcome.complete());
        manager.start();

        queue().pushAll(List.of("x", "y", "z"));

        List<SpanData> processes = telemetered.await("process " + queue, 3);
        SpanData push = telemetered.only("push " + queue);
        assertThat(push.getAttributes().get(BATCH)).isEqualTo(3);
        assertThat(push.getAttributes().get(MESSAGE_ID)).isNull();
        assertThat(processes).allSatisfy(process -> assertThat(links(process)).containsExactly(push.getSpanContext()));
    }

    @Test
    void pushStream_isOneSpanForAllOfIt_toWhichEachRunIsLinked() {
        manager.work(queue, String.class, (job, context) -> Outcome.complete());
        manager.start();

        queue().pushStream(Stream.of("x", "y", "z"));

        List<SpanData> processes = telemetered.await("process " + queue, 3);
        SpanData push = telemetered.only("push " + queue);
        assertThat(push.getAttributes().get(BATCH)).isEqualTo(3);
        assertThat(processes).allSatisfy(process -> assertThat(links(process)).containsExactly(push.getSpanContext()));
        assertThat(sum(telemetered.metric("messaging.client.sent.messages"))).isEqualTo(3);
    }

    @Test
    void pop_byHand_isASpanThatIsLinkedToThePushes_unlessItFoundNothing() {
        assertThat(queue().pop()).isEmpty();
        queue().push("x");
        queue().push("y");

        List<Job<String>> jobs = queue().pop(10);
        queue().completeAll(jobs);

        SpanData pop = telemetered.only("pop " + queue);
        assertThat(pop.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(pop.getAttributes().get(TYPE)).isEqualTo("receive");
        assertThat(links(pop))
                .containsExactlyElementsOf(telemetered.spans("push " + queue).stream()
                        .map(SpanData::getSpanContext)
                        .toList());
        assertThat(telemetered.only("complete " + queue).getAttributes().get(BATCH))
                .isEqualTo(2);
    }

    @Test
    void request_andItsRun_shareTheConversation() {
        AttributeKey<String> conversation = stringKey("messaging.message.conversation_id");
        manager.work(queue, String.class, (job, context) -> Outcome.complete(job.payload()));
        manager.start();

        manager.requestResponse().pushAndWait(queue, "x", String.class, Duration.ofSeconds(30));

        SpanData process = telemetered.only("process " + queue);
        SpanData push = telemetered.only("push " + queue);
        assertThat(links(process)).containsExactly(push.getSpanContext());
        assertThat(push.getAttributes().get(conversation))
                .isNotNull()
                .isEqualTo(process.getAttributes().get(conversation));
    }

    @Test
    void push_thatFails_isAnError() {
        database.execute("ALTER TABLE queue_" + queue + " ADD CONSTRAINT nothing_goes CHECK (false)");

        assertThatThrownBy(() -> queue().push("x")).isInstanceOf(StorageException.class);

        SpanData push = telemetered.only("push " + queue);
        assertThat(push.getStatus()).isEqualTo(StatusData.error());
        assertThat(push.getAttributes().get(ERROR)).isEqualTo("io.github.pgqueue.StorageException");
    }

    @Test
    void metrics_countAndMeasure() {
        manager.work(queue, String.class, (job, context) -> Outcome.complete());
        manager.start();
        queue().pushAll(List.of("x", "y"));
        telemetered.await("process " + queue, 2);
        // The completions are written, and a span ends before it is measured.
        Awaitility.await("push and complete")
                .untilAsserted(() -> assertThat(telemetered
                                .metric("messaging.client.operation.duration")
                                .getHistogramData()
                                .getPoints())
                        .extracting(point -> point.getAttributes().get(OPERATION))
                        .containsExactlyInAnyOrder("push", "complete"));

        assertThat(sum(telemetered.metric("messaging.client.sent.messages"))).isEqualTo(2);
        assertThat(sum(telemetered.metric("messaging.client.consumed.messages")))
                .isEqualTo(2);
        MetricData process = telemetered.metric("messaging.process.duration");
        assertThat(process.getUnit()).isEqualTo("s");
        assertThat(process.getHistogramData().getPoints()).singleElement().satisfies(point -> {
            assertThat(point.getCount()).isEqualTo(2);
            assertThat(point.getBoundaries()).startsWith(0.005).endsWith(10.0);
            assertThat(point.getAttributes().get(SYSTEM)).isEqualTo("pgqueue");
            assertThat(point.getAttributes().get(DESTINATION)).isEqualTo(queue);
            assertThat(point.getAttributes().get(MESSAGE_ID)).isNull();
        });
    }

    @Test
    void publish_carriesNothing() throws InterruptedException {
        try (var listener = manager.createListener()) {
            listener.listen("signals");

            manager.channel("signals", String.class).publish("x");

            assertThat(listener.receive(Duration.ofSeconds(30)))
                    .hasValueSatisfying(signal -> assertThat(signal.payload()).isEqualTo("\"x\""));
            assertThat(telemetered.spans()).isEmpty();
        }
    }

    @Test
    void telemetry_thatFailsEverywhere_failsNothing_andIsSaidOnce() {
        Telemetry atOnce = operation -> {
            throw new IllegalStateException("no tracer today");
        };
        Telemetry later = operation -> new Telemetry.Activity() {
            @Override
            public Map<String, String> headers() {
                return Map.of("traceparent", "\0");
            }

            @Override
            public void pushed(List<Long> ids) {
                throw new NoSuchMethodError("an older API");
            }

            @Override
            public void end(@Nullable Throwable failure) {
                throw new NoSuchMethodError("an older API");
            }
        };
        for (Telemetry broken : List.of(atOnce, later)) {
            try (Logged log = Logged.by("io.github.pgqueue");
                    PgQueueManager failing = manager(broken)) {
                failing.work(queue, String.class, (job, context) -> Outcome.complete("answer"));
                failing.start();

                long id = failing.queue(queue, String.class).push("x").id();
                String answer = failing.requestResponse().pushAndWait(queue, "x", String.class, Duration.ofSeconds(30));

                probe.await("completed " + queue + "#" + id);
                assertThat(answer).isEqualTo("answer");
                assertThat(log.warnings("telemetry failed")).hasSize(1);
            }
        }
    }

    private JobQueue<String> queue() {
        return manager.queue(queue, String.class);
    }

    private void assertSpan(SpanData span, String operation, String type, long id) {
        assertThat(span.getAttributes().get(SYSTEM)).isEqualTo("pgqueue");
        assertThat(span.getAttributes().get(OPERATION)).isEqualTo(operation);
        assertThat(span.getAttributes().get(TYPE)).isEqualTo(type);
        assertThat(span.getAttributes().get(DESTINATION)).isEqualTo(queue);
        assertThat(span.getAttributes().get(MESSAGE_ID)).isEqualTo(Long.toString(id));
    }

    private static List<SpanContext> links(SpanData span) {
        // Without "remote", which is no part of what a context is.
        return span.getLinks().stream()
                .map(LinkData::getSpanContext)
                .map(remote -> SpanContext.create(
                        remote.getTraceId(), remote.getSpanId(), remote.getTraceFlags(), remote.getTraceState()))
                .toList();
    }

    private static long sum(MetricData counter) {
        return counter.getLongSumData().getPoints().stream()
                .mapToLong(point -> point.getValue())
                .sum();
    }
}
