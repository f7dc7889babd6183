package io.github.pgqueue.it.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.NodeStatus.Lifecycle;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.TcpProxy;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Any;
import jakarta.inject.Inject;
import java.lang.annotation.Annotation;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The checks that a server of MicroProfile Health finds in an application: up, down, and what they tell. */
class HealthIT {

    private final TestDatabase database = TestDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    @ApplicationScoped
    static class Worker {

        private final Gate gate = new Gate();

        @PgWorker("health")
        void work(String text) throws InterruptedException {
            if (text.equals("wait")) {
                gate.pass();
            }
        }

        Gate gate() {
            return gate;
        }
    }

    @Dependent
    static class Pusher {

        @Inject
        @PgQueue("health")
        JobQueue<String> queue;

        @Inject
        @PgQueue("unworked")
        JobQueue<String> unworked;
    }

    @Test
    void checks_ofAHealthyApplication_areUpUnderTheirNames() {
        try (WeldNode node = start()) {
            node.probe().await("listening");

            HealthCheckResponse ready = call(node, Readiness.Literal.INSTANCE);

            assertThat(call(node, Startup.Literal.INSTANCE)).satisfies(up -> {
                assertThat(up.getName()).isEqualTo("pg-queue-schema");
                assertThat(up.getStatus()).isEqualTo(Status.UP);
            });
            assertThat(ready.getName()).isEqualTo("pg-queue-ready");
            assertThat(ready.getStatus()).isEqualTo(Status.UP);
            assertThat(data(ready))
                    .containsEntry("lifecycle", "started")
                    .containsEntry("listener", "listening")
                    .containsEntry("prepared-transactions", 0L)
                    .doesNotContainKey("problem");
            assertThat(call(node, Liveness.Literal.INSTANCE)).satisfies(up -> {
                assertThat(up.getName()).isEqualTo("pg-queue-live");
                assertThat(up.getStatus()).isEqualTo(Status.UP);
            });
        }
    }

    @Test
    void ready_jobsThatWait_haveTheirAgeAsData() {
        try (WeldNode node = start()) {
            Pusher pusher = node.get(Pusher.class);
            pusher.unworked.push("x");
            database.execute("UPDATE queue_unworked SET pushed_at = pushed_at - interval '1 hour'");

            assertThat(data(call(node, Readiness.Literal.INSTANCE)).get("oldest-ready-seconds.unworked"))
                    .isInstanceOfSatisfying(Long.class, age -> assertThat(age).isBetween(3_600L, 4_200L));
        }
    }

    @Test
    void schemaMissing_isDownAtStartupAndForReadiness_andNotForLiveness() {
        try (WeldNode node = start()) {
            database.execute("ALTER TABLE pg_queue_schema RENAME TO gone");

            HealthCheckResponse startup = call(node, Startup.Literal.INSTANCE);
            HealthCheckResponse ready = call(node, Readiness.Literal.INSTANCE);
            HealthCheckResponse live = call(node, Liveness.Literal.INSTANCE);

            assertThat(startup.getStatus()).isEqualTo(Status.DOWN);
            assertThat(data(startup).get("problem")).asString().startsWith("PGQ7005");
            assertThat(ready.getStatus()).isEqualTo(Status.DOWN);
            assertThat(live.getStatus()).isEqualTo(Status.UP);
        }
    }

    @Test
    void listenerLost_isDataAndStillUp() {
        try (TcpProxy proxy = TcpProxy.before(database);
                WeldNode node = builder()
                        .config(
                                "pg-queue.listen.url",
                                proxy.dataSource(database).getURL())
                        .config("pg-queue.listen.user", database.database().user())
                        .config("pg-queue.listen.password", password())
                        .start()) {
            node.probe().await("listening ");
            proxy.cut();
            node.probe().await("listeningLost");

            HealthCheckResponse ready = call(node, Readiness.Literal.INSTANCE);

            assertThat(ready.getStatus()).isEqualTo(Status.UP);
            assertThat(data(ready)).containsEntry("listener", "lost");
            assertThat(call(node, Liveness.Literal.INSTANCE).getStatus()).isEqualTo(Status.UP);
        }
    }

    @Test
    void draining_isNotReadyButAlive_andClosedIsNeither() {
        try (WeldNode node = start()) {
            node.get(Pusher.class).queue.push("wait");
            Gate gate = node.get(Worker.class).gate();
            gate.awaitReached();
            PgQueueManager manager = node.get(PgQueueManager.class);

            InBackground<Boolean> closing = InBackground.run(manager::close);
            await().until(() -> manager.nodeStatus().lifecycle() == Lifecycle.DRAINING);
            HealthCheckResponse ready = call(node, Readiness.Literal.INSTANCE);
            HealthCheckResponse live = call(node, Liveness.Literal.INSTANCE);
            gate.open();
            closing.result();

            assertThat(ready.getStatus()).isEqualTo(Status.DOWN);
            assertThat(data(ready)).containsEntry("problem", "the manager is draining");
            assertThat(live.getStatus()).isEqualTo(Status.UP);
            assertThat(call(node, Readiness.Literal.INSTANCE).getStatus()).isEqualTo(Status.DOWN);
            assertThat(call(node, Liveness.Literal.INSTANCE).getStatus()).isEqualTo(Status.DOWN);
        }
    }

    @Test
    void deadWorker_isNotAlive() {
        try (WeldNode node = start()) {
            node.probe().await("asleep health");

            Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("pg-queue health"))
                    .forEach(Thread::interrupt);

            await().untilAsserted(() -> assertThat(data(call(node, Liveness.Literal.INSTANCE)))
                    .containsEntry("problem", "died: worker of queue health"));
        }
    }

    @Test
    void ready_insideATransactionThatCannotCommit_answersAndLeavesItAlone() throws Exception {
        try (WeldNode node = start()) {
            node.transactionManager().begin();
            node.transactionManager().setRollbackOnly();

            HealthCheckResponse ready = call(node, Readiness.Literal.INSTANCE);

            assertThat(ready.getStatus()).isEqualTo(Status.UP);
            node.transactionManager().rollback();
        }
    }

    @Test
    void application_thatUsesNothing_hasNoChecksAndNoManager() {
        try (WeldNode node = WeldNode.builder(database).start()) {
            assertThat(node.container().select(HealthCheck.class, Any.Literal.INSTANCE))
                    .isEmpty();
        }
    }

    @Test
    void application_thatSwitchesThemOff_hasNoChecks() {
        try (WeldNode node =
                builder().config("pg-queue.health.enabled", "false").start()) {
            assertThat(node.container().select(HealthCheck.class, Any.Literal.INSTANCE))
                    .isEmpty();
        }
    }

    /** A server that asks for none takes any; an empty value would be none at all. */
    private String password() {
        String password = database.database().password();
        return password.isEmpty() ? "none" : password;
    }

    private WeldNode start() {
        return builder().start();
    }

    private WeldNode.Builder builder() {
        return WeldNode.builder()
                .dataSource(database, NarayanaPool.LOCAL)
                .config("pg-queue.schema-management", "migrate")
                .beans(Worker.class, Pusher.class);
    }

    private static HealthCheckResponse call(WeldNode node, Annotation kind) {
        return node.get(HealthCheck.class, kind).call();
    }

    private static Map<String, Object> data(HealthCheckResponse response) {
        return response.getData().orElse(Map.of());
    }
}
