package io.github.pgqueue.it.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.QueueName;
import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.NarayanaPool;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** The manager of an application: made of its own parts, started after it and stopped before it. */
@PgQueueTest
class LifecycleIT {

    record Order(String orderId) {}

    @ApplicationScoped
    static class Seen {

        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        void add(String line) {
            lines.add(line);
        }

        List<String> lines() {
            return List.copyOf(lines);
        }
    }

    @ApplicationScoped
    static class Worker {

        @Inject
        Seen seen;

        @PgWorker("worked")
        void work(Order order) {
            seen.add(order.orderId());
        }
    }

    @ApplicationScoped
    static class OtherWorker {

        @PgWorker("other")
        void work(Order order) {}
    }

    @Dependent
    static class Pusher {

        @Inject
        @PgQueue("pushed")
        JobQueue<Order> orders;
    }

    @ApplicationScoped
    static class AtStartup {

        @Inject
        @PgQueue("worked")
        JobQueue<Order> orders;

        void on(@Observes Startup event, Seen seen) {
            seen.add("started");
            orders.push(new Order("pushed at startup"));
        }
    }

    @ApplicationScoped
    static class Observer {

        void on(@Observes @PgChannel("signals") Notification notification) {}
    }

    @Dependent
    static class OwnMapper {

        @Produces
        @Singleton
        ObjectMapper mapper() {
            return JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();
        }
    }

    @Test
    void start_missingQueues_namesThemAllAndTheFix(TestDatabase database) {
        WeldNode.Builder application = WeldNode.builder(database).beans(Seen.class, Worker.class, OtherWorker.class);
        database.execute("SELECT pg_queue_drop_queue('worked'), pg_queue_drop_queue('other')");

        Throwable refused = catchThrowable(application::start);

        assertThat(rootOf(refused))
                .hasMessageContainingAll("PGQ7118", "worked", "other", "pg_queue_create_queue", "migrate");
        await().untilAsserted(() -> assertThat(sessions(database)).isZero());
    }

    @Test
    void start_missingQueueWhereWorkersAreOff_isNotLookedAt(TestDatabase database) {
        database.execute("SELECT pg_queue_drop_queue('other')");

        try (WeldNode node = WeldNode.builder(database)
                .beans(OtherWorker.class)
                .config("pg-queue.workers.enabled", "false")
                .start()) {
            assertThat(node.get(PgQueueManager.class).config().workersEnabled()).isFalse();
        }
    }

    @Test
    void start_withMigrate_createsTheQueuesThatAreDeclared(TestDatabase database) {
        database.execute("SELECT pg_queue_drop_queue('other'), pg_queue_drop_queue('pushed')");

        try (WeldNode node = WeldNode.builder(database)
                .beans(OtherWorker.class, Pusher.class)
                .config("pg-queue.schema-management", "migrate")
                .start()) {
            assertThat(node.get(Pusher.class).orders.pendingCount()).isZero();
            node.probe().await("asleep other");
        }
    }

    @Test
    void start_observerOfStartupThatPushes_findsItsQueueAndRunsBeforeAnyWorker(TestDatabase database) {
        database.execute("SELECT pg_queue_drop_queue('worked')");

        try (WeldNode node = WeldNode.builder(database)
                .beans(Seen.class, Worker.class, AtStartup.class)
                .config("pg-queue.schema-management", "migrate")
                .start()) {
            Seen seen = node.get(Seen.class);

            await().until(() -> seen.lines().size() == 2);
            assertThat(seen.lines()).containsExactly("started", "pushed at startup");
        }
    }

    @Test
    void start_configurationOfAQueue_isTheWorkers(TestDatabase database) {
        try (WeldNode node = WeldNode.builder(database)
                .beans(OtherWorker.class)
                .config("pg-queue.schema-management", "migrate")
                .config("pg-queue.queues.other.lease", "PT7S")
                .start()) {
            assertThat(node.get(PgQueueManager.class)
                            .config()
                            .queue(new QueueName("other"))
                            .lease())
                    .isEqualTo(Duration.ofSeconds(7));
        }
    }

    @Test
    void start_unknownKey_isAWarningWithItsNearestNeighbour(TestDatabase database) {
        try (Logged log = Logged.by("io.github.pgqueue.cdi");
                WeldNode node = WeldNode.builder(database)
                        .config("pg-queue.drain-timeot", "PT1S")
                        .start()) {
            assertThat(node.container().isRunning()).isTrue();
            assertThat(log.warnings("pg-queue.drain-timeot"))
                    .singleElement()
                    .asString()
                    .endsWith("the nearest known one is pg-queue.drain-timeout");
        }
    }

    @Test
    void start_namedDataSource_isTheOneThatIsUsed(TestDatabase database) {
        TestDatabase empty = TestDatabase.empty();
        try (empty;
                WeldNode node = WeldNode.builder()
                        .dataSource("empty", empty, NarayanaPool.LOCAL)
                        .dataSource("main", database, NarayanaPool.LOCAL)
                        .config("pg-queue.datasource", "main")
                        .config("pg-queue.schema-management", "migrate")
                        .beans(Pusher.class)
                        .start()) {
            node.get(Pusher.class).orders.push(new Order("a"));

            assertThat(database.number("SELECT count(*) FROM queue_pushed WHERE payload->>'orderId' = 'a'"))
                    .isEqualTo(1);
        }
    }

    @Test
    void start_dataSourceSetApart_isNotACandidateForTheMainOne(TestDatabase database) {
        try (WeldNode node = WeldNode.builder(database)
                .dataSource("apart", database, NarayanaPool.APART)
                .config("pg-queue.non-transactional-datasource", "apart")
                .config("pg-queue.schema-management", "migrate")
                .beans(Pusher.class)
                .start()) {
            assertThat(node.get(Pusher.class).orders.pendingCount()).isNotNegative();
        }
    }

    @Test
    void start_withoutTransactionManager_isPlainJdbc(TestDatabase database) {
        try (WeldNode node = WeldNode.builder()
                .withoutTransactions()
                .dataSource(database.dataSource())
                .config("pg-queue.schema-management", "migrate")
                .beans(Seen.class, Worker.class)
                .start()) {
            node.get(PgQueueManager.class).queue("worked", Order.class).push(new Order("plain"));

            Seen seen = node.get(Seen.class);
            await().until(() -> seen.lines().contains("plain"));
        }
    }

    @Test
    void start_objectMapperOfTheApplication_writesAndReadsPayloads(TestDatabase database) {
        try (WeldNode node = WeldNode.builder(database)
                .beans(Seen.class, Worker.class, Pusher.class, OwnMapper.class)
                .config("pg-queue.schema-management", "migrate")
                .start()) {
            node.get(Pusher.class).orders.push(new Order("x"));
            node.get(PgQueueManager.class).queue("worked", Order.class).push(new Order("snake"));

            Seen seen = node.get(Seen.class);
            await().until(() -> seen.lines().contains("snake"));
            assertThat(database.number("SELECT count(*) FROM queue_pushed WHERE payload->>'order_id' = 'x'"))
                    .isEqualTo(1);
        }
    }

    @Test
    void select_managerOfAnApplicationThatDeclaresNothing_runs(TestDatabase database) {
        try (WeldNode node = WeldNode.builder(database).start()) {
            assertThat(sessions(database)).isZero();
            PgQueueManager manager = node.get(PgQueueManager.class);
            manager.createQueue("dynamic");

            manager.queue("dynamic", Order.class).push(new Order("a"));

            assertThat(manager.queue("dynamic", Order.class).pop()).isPresent();
        }
    }

    @Test
    void close_application_leavesNoSessionAndNoThread(TestDatabase database) {
        PgQueueManager manager;
        try (WeldNode node = WeldNode.builder(database)
                .beans(Seen.class, Worker.class, Observer.class)
                .config("pg-queue.schema-management", "migrate")
                .start()) {
            node.probe().await("listening");
            manager = node.get(PgQueueManager.class);
            assertThat(manager.config()).isNotNull();
        }

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("pg-queue"));
        await().untilAsserted(() -> assertThat(sessions(database)).isZero());
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && !String.valueOf(root.getMessage()).startsWith("PGQ")) {
            root = root.getCause();
        }
        return root;
    }

    private static long sessions(TestDatabase database) {
        return database.number("SELECT count(*) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }
}
