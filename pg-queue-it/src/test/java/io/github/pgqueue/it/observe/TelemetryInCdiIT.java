package io.github.pgqueue.it.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.trace.data.SpanData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An OpenTelemetry bean is all it takes; under JTA a trace arrives with the commit. */
@PgQueueTest
class TelemetryInCdiIT {

    @Singleton
    static class Tracing {

        private final Telemetered telemetered = new Telemetered();

        @Produces
        @Singleton
        OpenTelemetry openTelemetry() {
            return telemetered.openTelemetry();
        }

        Telemetered telemetered() {
            return telemetered;
        }
    }

    @ApplicationScoped
    static class Worker {

        @PgWorker("traced")
        @Transactional
        public void work(Job<String> job) {
            if (job.attempt() == 1) {
                throw new IllegalStateException("again");
            }
        }
    }

    @Dependent
    static class Pusher {

        @Inject
        @PgQueue("traced")
        JobQueue<String> queue;

        @Inject
        @PgQueue("unworked")
        JobQueue<String> unworked;
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "XA"})
    void push_inATransaction_reachesEachAttemptWithTheCommit(NarayanaPool pool, TestDatabase database)
            throws Exception {
        try (WeldNode node = builder(database, pool)
                .beans(Tracing.class, Worker.class, Pusher.class)
                .start()) {
            Telemetered telemetered = node.get(Tracing.class).telemetered();
            JobQueue<String> queue = node.get(Pusher.class).queue;

            assertThatThrownBy(() -> node.inTransaction(() -> {
                        queue.push("rolled back");
                        throw new IllegalStateException("undo");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            node.inTransaction(() -> queue.push("committed"));

            assertThat(telemetered.await("process traced", 2))
                    .allSatisfy(process -> assertThat(process.getLinks())
                            .singleElement()
                            .satisfies(link -> assertThat(link.getSpanContext().getSpanId())
                                    .isEqualTo(telemetered
                                            .spans("push traced")
                                            .get(1)
                                            .getSpanId())));
            assertThat(telemetered.spans("process traced"))
                    .extracting(SpanData::getStatus)
                    .extracting(status -> status.getStatusCode().name())
                    .containsExactly("ERROR", "UNSET");
        }
    }

    @Test
    void application_withoutTheBean_addsNoHeader(TestDatabase database) {
        try (WeldNode node =
                builder(database, NarayanaPool.LOCAL).beans(Pusher.class).start()) {
            assertThat(pushed(node).headers()).isEmpty();
        }
    }

    @Test
    void application_thatSwitchesItOff_addsNoHeader(TestDatabase database) {
        try (WeldNode node = builder(database, NarayanaPool.LOCAL)
                .beans(Tracing.class, Pusher.class)
                .config("pg-queue.telemetry.enabled", "false")
                .start()) {
            assertThat(pushed(node).headers()).isEmpty();
        }
    }

    @Test
    void application_thatWantsChildren_hasThem(TestDatabase database) {
        try (WeldNode node = builder(database, NarayanaPool.LOCAL)
                .beans(Tracing.class, Worker.class, Pusher.class)
                .config("pg-queue.telemetry.process-span", "child")
                .start()) {
            Telemetered telemetered = node.get(Tracing.class).telemetered();

            node.get(Pusher.class).queue.push("x");

            assertThat(telemetered.await("process traced", 2))
                    .extracting(SpanData::getParentSpanId)
                    .containsOnly(telemetered.only("push traced").getSpanId());
        }
    }

    private static Job<String> pushed(WeldNode node) {
        JobQueue<String> queue = node.get(Pusher.class).unworked;
        queue.push("x");
        return queue.pop().orElseThrow();
    }

    private static WeldNode.Builder builder(TestDatabase database, NarayanaPool pool) {
        return WeldNode.builder().dataSource(database, pool).config("pg-queue.schema-management", "migrate");
    }
}
