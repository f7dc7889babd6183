package io.github.pgqueue.it.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.cdi.PgCacheName;
import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobContext;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What is wrong with an application is said when it is deployed: all of it at once, with number, place and remedy. */
class DeploymentProblemsTest {

    record Order(String id) {}

    record Email(String to) {}

    @Dependent
    static class BadQueueName {
        @Inject
        @PgQueue("no spaces")
        JobQueue<Order> queue;
    }

    @Dependent
    static class BadWorkerName {
        @PgWorker("")
        void work(Order order) {}
    }

    @Dependent
    static class BadChannelName {
        @Inject
        @PgChannel("")
        EventChannel<Order> channel;
    }

    @Dependent
    static class BadObservedName {
        void on(@Observes @PgChannel("\0") Notification notification) {}
    }

    @Dependent
    static class BadCacheName {
        @Inject
        @PgCacheName("")
        PgCache cache;
    }

    @Dependent
    static class TwoQueueTypes {
        @Inject
        @PgQueue("orders")
        JobQueue<Order> orders;

        @PgWorker("orders")
        void work(Job<List<Order>> job) {}
    }

    @Dependent
    static class TwoChannelTypes {
        @Inject
        @PgChannel("orders")
        EventChannel<Order> orders;

        void on(@Observes @PgChannel("orders") Email email) {}
    }

    @Dependent
    static class TwoWorkers {
        @PgWorker("orders")
        void one(Order order) {}

        @PgWorker("orders")
        void two(Order order) {}
    }

    @Dependent
    static class NoPayload {
        @PgWorker("orders")
        void work(JobContext context, @Named("x") String injected) {}
    }

    @Dependent
    static class TwoPayloads {
        @PgWorker("orders")
        void work(Job<Order> one, Job<Order> two) {}
    }

    @Dependent
    static class WildcardPayload {
        @PgWorker("orders")
        void work(List<?> orders) {}
    }

    @Dependent
    static class VariablePayload<T> {
        @PgWorker("orders")
        void work(T order) {}
    }

    @Dependent
    static class WildcardQueue {
        @Inject
        @PgQueue("orders")
        JobQueue<? extends Order> orders;
    }

    @Dependent
    static class WildcardObserver {
        void on(@Observes @PgChannel("orders") List<? extends Order> orders) {}
    }

    @Dependent
    static class PrivateWorker {
        @PgWorker("orders")
        private void work(Order order) {
            use(order.id());
        }

        void use(String id) {
            if (id.isEmpty()) {
                work(new Order("none"));
            }
        }
    }

    @Dependent
    static class StaticWorker {
        @PgWorker("orders")
        static void work(Order order) {}
    }

    @Dependent
    static class MandatoryWorker {
        @PgWorker("orders")
        @Transactional(TxType.MANDATORY)
        public void work(Order order) {}
    }

    @Dependent
    @Transactional(TxType.MANDATORY)
    static class MandatoryClass {
        @PgWorker("orders")
        public void work(Order order) {}

        @PgWorker("emails")
        @Transactional(TxType.REQUIRES_NEW)
        public void fine(Email email) {}
    }

    @Dependent
    static class LocalEvent {
        @Inject
        @PgChannel("orders")
        Event<Order> orders;
    }

    @Dependent
    static class Unqualified {
        @Inject
        JobQueue<Order> orders;
    }

    @Dependent
    static class UnqualifiedInstance {
        @Inject
        Instance<EventChannel<Order>> orders;
    }

    @Dependent
    static class WrongQualifier {
        @Inject
        @PgChannel("orders")
        JobQueue<Order> orders;
    }

    @Dependent
    @SuppressWarnings("rawtypes") // that is the point
    static class RawQueue {
        @Inject
        @PgQueue("orders")
        JobQueue orders;
    }

    @Dependent
    @SuppressWarnings("rawtypes") // that is the point
    static class RawJob {
        @PgWorker("orders")
        void work(Job job) {}
    }

    @Dependent
    static class FutureResult {
        @PgWorker("orders")
        Future<String> work(Order order) {
            throw new UnsupportedOperationException();
        }
    }

    @Dependent
    static class OptionalResult {
        @PgWorker("orders")
        Optional<String> work(Order order) {
            return Optional.empty();
        }
    }

    @Dependent
    static class UnknownParameter {
        @PgWorker("orders")
        void work(Order order, Email email) {}
    }

    @Dependent
    static class UnqualifiedParameter {
        @PgWorker("orders")
        void work(Order order, JobQueue<Email> emails) {}
    }

    @Dependent
    static class Observer {
        void on(@Observes @PgChannel("orders") Order order) {}
    }

    @Dependent
    static class FurtherQualifier {
        void on(@Observes @PgChannel("orders") @Named("important") Order order) {}
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                problem("PGQ7101", BadQueueName.class, "BadQueueName.queue", "'no spaces'", "1 to 40 characters"),
                problem("PGQ7101", BadWorkerName.class, "BadWorkerName.work", "1 to 40 characters"),
                problem("PGQ7101", BadChannelName.class, "BadChannelName.channel", "1 to 63 bytes"),
                problem("PGQ7101", BadObservedName.class, "BadObservedName.on", "without NUL"),
                problem("PGQ7101", BadCacheName.class, "BadCacheName.cache", "1 to 200 bytes"),
                problem("PGQ7102", TwoQueueTypes.class, "TwoQueueTypes.orders", "TwoQueueTypes.work", "same type"),
                problem("PGQ7102", TwoChannelTypes.class, "TwoChannelTypes.orders", "TwoChannelTypes.on", "same type"),
                problem("PGQ7103", TwoWorkers.class, "TwoWorkers.one", "TwoWorkers.two", "concurrency"),
                problem("PGQ7104", NoPayload.class, "NoPayload.work", "first parameter"),
                problem("PGQ7104", TwoPayloads.class, "TwoPayloads.work", "one job at a time"),
                problem("PGQ7105", WildcardPayload.class, "WildcardPayload.work", "List<?>", "concrete type"),
                problem("PGQ7105", VariablePayload.class, "VariablePayload.work", "T", "concrete type"),
                problem("PGQ7105", WildcardQueue.class, "WildcardQueue.orders", "? extends", "concrete type"),
                problem("PGQ7105", WildcardObserver.class, "WildcardObserver.on", "? extends", "concrete type"),
                problem("PGQ7106", PrivateWorker.class, "PrivateWorker.work", "private", "package-private"),
                problem("PGQ7106", StaticWorker.class, "StaticWorker.work", "static", "package-private"),
                problem("PGQ7107", MandatoryWorker.class, "MandatoryWorker.work", "REQUIRES_NEW"),
                problem("PGQ7107", MandatoryClass.class, "MandatoryClass.work", "REQUIRES_NEW"),
                problem("PGQ7108", LocalEvent.class, "LocalEvent.orders", "inject EventChannel"),
                problem("PGQ7109", Unqualified.class, "Unqualified.orders", "add @PgQueue"),
                problem("PGQ7109", UnqualifiedInstance.class, "UnqualifiedInstance.orders", "add @PgChannel"),
                problem("PGQ7109", WrongQualifier.class, "WrongQualifier.orders", "add @PgQueue"),
                problem("PGQ7109", RawQueue.class, "RawQueue.orders", "JobQueue<Payload>"),
                problem("PGQ7109", RawJob.class, "RawJob.work", "Job<Payload>"),
                problem("PGQ7111", FutureResult.class, "FutureResult.work", "CompletionStage"),
                problem("PGQ7111", OptionalResult.class, "OptionalResult.work", "the answer itself"),
                problem("PGQ7113", UnknownParameter.class, "parameter 2", "UnknownParameter.work", "one payload"),
                problem("PGQ7109", UnqualifiedParameter.class, "parameter 2", "UnqualifiedParameter.work"),
                problem("PGQ7121", FurtherQualifier.class, "FurtherQualifier.on", "Remove the others"));
    }

    private static Arguments problem(String code, Class<?> bean, String... texts) {
        return Arguments.of(code, bean, List.of(texts));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("problems")
    void deploy_badBean_isRefusedWithNumberPlaceAndRemedy(String code, Class<?> bean, List<String> texts) {
        Throwable refused = catchThrowable(() -> application(bean).start());

        assertThat(refused).isNotNull();
        assertThat(refused.getMessage()).contains(code).contains(texts);
        assertThat(String.valueOf(refused.getMessage()).split("PGQ7\\d\\d\\d: "))
                .hasSize(2);
    }

    @Test
    void deploy_manyProblems_reportsAllOfThem() {
        Throwable refused = catchThrowable(() -> application(
                        Unqualified.class,
                        RawQueue.class,
                        TwoQueueTypes.class,
                        MandatoryWorker.class,
                        LocalEvent.class,
                        UnknownParameter.class)
                .config("pg-queue.drain-timeout", "soon")
                .config("pg-queue.datasource", "missing")
                .start());

        assertThat(refused.getMessage())
                .contains("PGQ7102", "PGQ7103", "PGQ7107", "PGQ7108", "PGQ7109", "PGQ7110", "PGQ7113", "PGQ7117");
        assertThat(refused.getMessage()).contains("Unqualified.orders").contains("RawQueue.orders");
    }

    @Test
    void deploy_observerWithoutListening_isRefused() {
        WeldNode.Builder application = application(Observer.class).config("pg-queue.listen.enabled", "false");

        Throwable refused = catchThrowable(application::start);

        assertThat(refused.getMessage()).contains("PGQ7112", "'orders'", "Observer.on", "pg-queue.listen.enabled");
    }

    @Test
    void deploy_unknownKeyInStrictMode_isRefused() {
        WeldNode.Builder application =
                application().config("pg-queue.strict-config", "true").config("pg-queue.queues.orders.concurency", "3");

        Throwable refused = catchThrowable(application::start);

        assertThat(refused.getMessage())
                .contains("PGQ7114", "pg-queue.queues.orders.concurency", "pg-queue.queues.orders.concurrency");
    }

    @Test
    void deploy_noDataSource_isRefused() {
        Throwable refused =
                catchThrowable(() -> WeldNode.builder().beans(Observer.class).start());

        assertThat(refused.getMessage()).contains("PGQ7115", "pg-queue.datasource");
    }

    @Test
    void deploy_severalDataSources_listsThem() {
        WeldNode.Builder application = application(Observer.class).dataSource("reports", new PGSimpleDataSource());

        Throwable refused = catchThrowable(application::start);

        assertThat(refused.getMessage()).contains("PGQ7116", "without @Named", "@Named(\"reports\")");
    }

    @Test
    void deploy_unknownDataSource_listsThoseFound() {
        WeldNode.Builder application = application(Observer.class)
                .dataSource("reports", new PGSimpleDataSource())
                .config("pg-queue.datasource", "report")
                .config("pg-queue.non-transactional-datasource", "other");

        Throwable refused = catchThrowable(application::start);

        assertThat(refused.getMessage())
                .contains("PGQ7117", "pg-queue.datasource=report", "@Named(\"reports\")")
                .contains("pg-queue.non-transactional-datasource=other");
    }

    @Test
    void deploy_applicationThatUsesNothing_needsNoDataSource() {
        try (WeldNode node = WeldNode.builder().start()) {
            assertThat(node.container().isRunning()).isTrue();
        }
    }

    private static WeldNode.Builder application(Class<?>... beans) {
        return WeldNode.builder().beans(beans).dataSource(new PGSimpleDataSource());
    }
}
