package io.github.pgqueue.it.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.RequestFailedException;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All four capabilities, with the JDK, the driver and Jackson. */
@PgQueueTest
class PlainJavaIT {

    record Order(int id, String customer, Instant placedAt) {}

    private static final Order ORDER = new Order(1, "Ada", Instant.parse("2026-01-01T12:00:00Z"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.agroal.narayana.NarayanaTransactionIntegration",
                "io.opentelemetry.api.OpenTelemetry",
                "io.opentelemetry.context.Context",
                "io.smallrye.config.SmallRyeConfig",
                "jakarta.annotation.Priority",
                "jakarta.enterprise.concurrent.ManagedTask",
                "jakarta.enterprise.context.ApplicationScoped",
                "jakarta.enterprise.inject.spi.Extension",
                "jakarta.inject.Inject",
                "jakarta.interceptor.Interceptor",
                "jakarta.transaction.Transaction",
                "org.eclipse.microprofile.config.Config",
                "org.eclipse.microprofile.health.HealthCheck",
                "org.jboss.weld.environment.se.Weld"
            })
    void classPath_ofTheseTests_hasNothingOfJakartaAndMicroProfile(String type) {
        assertThatThrownBy(() -> Class.forName(type)).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void queue_pushedAndWorked_endsEveryJob(TestNode node) {
        JobQueue<Order> queue = node.queue(Order.class);
        List<Order> worked = new CopyOnWriteArrayList<>();

        node.manager().work(queue.name().value(), Order.class, (job, context) -> {
            worked.add(job.payload());
            return Outcome.complete();
        });
        node.manager().start();
        queue.push(ORDER);

        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
        assertThat(worked).containsExactly(ORDER);
    }

    @Test
    void queue_transactionalWorker_commitsItsEffectsWithTheJob(TestNode node) {
        JobQueue<Order> queue = node.queue(Order.class);
        node.database().execute("CREATE TABLE receipt (id int)");
        queue.push(ORDER);

        node.manager().work(queue.name().value(), Order.class, WorkerOptions.transactional(), (job, context) -> {
            try (var insert = context.connection().prepareStatement("INSERT INTO receipt VALUES (?)")) {
                insert.setInt(1, job.payload().id());
                insert.executeUpdate();
            }
            if (job.attempt() == 1) {
                throw new IllegalStateException("undo");
            }
            return Outcome.complete();
        });
        node.manager().start();

        node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
        assertThat(node.database().number("SELECT count(*) FROM receipt")).isEqualTo(1);
    }

    @Test
    void queue_usingAConnection_commitsAndRollsBackWithIt(TestNode node) throws SQLException {
        JobQueue<Order> queue = node.queue(Order.class);
        try (Connection connection = node.database().connect()) {
            connection.setAutoCommit(false);
            JobQueue<Order> using =
                    node.manager().using(connection).queue(queue.name().value(), Order.class);
            using.push(ORDER);
            connection.rollback();
            assertThat(queue.pop()).isEmpty();

            using.push(ORDER);
            connection.commit();
        }

        assertThat(queue.pop()).map(Job::payload).contains(ORDER);
    }

    @Test
    void channel_published_reachesListenerAndSubscriber(TestNode node) throws InterruptedException {
        List<Order> received = new CopyOnWriteArrayList<>();
        node.manager().subscribe("orders", Order.class, received::add);

        try (PgListener listener = node.manager().createListener()) {
            listener.listen("orders");
            node.manager().channel("orders", Order.class).publish(ORDER);

            assertThat(listener.receive(Duration.ofSeconds(30)))
                    .map(Notification::payload)
                    .hasValueSatisfying(text -> assertThat(text).contains("Ada").contains("2026-01-01T12:00:00Z"));
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(received).containsExactly(ORDER));
    }

    @Test
    void cache_setAndLoaded_isRead(TestNode node) {
        PgCache cache = node.manager().cache("orders");

        cache.set("1", ORDER, Duration.ofMinutes(1));
        Order loaded =
                cache.getOrSet("2", Order.class, Duration.ofMinutes(1), () -> new Order(2, "Grace", Instant.EPOCH));

        assertThat(cache.get("1", Order.class)).contains(ORDER);
        assertThat(cache.get("2", Order.class)).contains(loaded);
        assertThat(cache.delete("1")).isTrue();
        assertThat(cache.get("1", Order.class)).isEmpty();
    }

    @Test
    void request_answeredOrFailed_reachesTheCaller(TestNode node) {
        String queue = node.queueName();
        node.manager().work(queue, Order.class, (job, context) -> {
            if (job.payload().id() != 1) {
                throw new IllegalArgumentException("no such order");
            }
            return Outcome.complete(List.of(job.payload().customer()));
        });
        node.manager().start();

        List<?> answer = node.manager().requestResponse().pushAndWait(queue, ORDER, List.class, Duration.ofSeconds(30));

        assertThat(answer.toString()).isEqualTo("[Ada]");
        assertThatThrownBy(() -> node.manager()
                        .requestResponse()
                        .pushAndWait(queue, new Order(2, "", Instant.EPOCH), List.class, Duration.ofSeconds(30)))
                .isInstanceOfSatisfying(RequestFailedException.class, failed -> {
                    assertThat(failed.remoteType()).isEqualTo("java.lang.IllegalArgumentException");
                    assertThat(failed.remoteMessage()).isEqualTo("no such order");
                });
    }
}
