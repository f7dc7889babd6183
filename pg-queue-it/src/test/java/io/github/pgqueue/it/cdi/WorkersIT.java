package io.github.pgqueue.it.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.NonRetryableException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.RequestFailedException;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobContext;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.rpc.RequestResponse;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InterceptorBinding;
import jakarta.interceptor.InvocationContext;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A method with {@code @PgWorker} works its queue as a method of its bean: what CDI gives a bean, it has. */
@PgQueueTest
class WorkersIT {

    record Order(String id) {}

    /** What workers did. */
    @ApplicationScoped
    static class Seen {

        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        void add(Object line) {
            lines.add(String.valueOf(line));
        }

        List<String> lines() {
            return List.copyOf(lines);
        }
    }

    @RequestScoped
    static class Request {

        private int uses;

        int use() {
            return ++uses;
        }
    }

    @InterceptorBinding
    @Retention(RetentionPolicy.RUNTIME)
    @interface Traced {}

    @Traced
    @Interceptor
    @Priority(Interceptor.Priority.APPLICATION)
    static class Tracer {

        @Inject
        Seen seen;

        @AroundInvoke
        Object trace(InvocationContext invocation) throws Exception {
            seen.add("before " + invocation.getMethod().getName());
            return invocation.proceed();
        }
    }

    @Dependent
    static class Part {

        @Inject
        Seen seen;

        @PreDestroy
        void destroyed() {
            seen.add("part destroyed");
        }
    }

    @ApplicationScoped
    static class Payloads {

        @Inject
        Seen seen;

        @PgWorker("payloads")
        void work(List<Order> orders) {
            seen.add(orders);
        }
    }

    @ApplicationScoped
    static class Primitives {

        @Inject
        Seen seen;

        @PgWorker("primitives")
        protected void work(int number) {
            seen.add(number);
        }
    }

    @Dependent
    static class Everything {

        @Inject
        Seen seen;

        @Traced
        @PgWorker("everything")
        void work(
                JobContext context,
                @PgQueue("next") JobQueue<Order> next,
                Job<Order> job,
                Part part,
                Request request,
                PgQueueManager manager) {
            next.push(job.payload());
            seen.add(context.job().equals(job) + " " + request.use() + " " + (part.seen != null) + " "
                    + (manager.config() != null));
        }

        @PreDestroy
        void destroyed() {
            seen.add("worker destroyed");
        }
    }

    interface Working<T> {
        void work(T payload);
    }

    abstract static class Base<T> implements Working<T> {

        @Inject
        Seen seen;

        @Override
        @PgWorker("inherited")
        public void work(T payload) {
            seen.add(payload);
        }
    }

    @ApplicationScoped
    static class Inheriting extends Base<Order> {}

    @ApplicationScoped
    static class Results {

        @PgWorker("nothing")
        void nothing(Order order) {}

        @PgWorker("value")
        String value(Order order) {
            return "value " + order.id();
        }

        @PgWorker("stage")
        CompletionStage<String> stage(Order order) {
            return CompletableFuture.supplyAsync(() -> "stage " + order.id());
        }

        @PgWorker("outcome")
        Outcome outcome(Order order) {
            return Outcome.complete("outcome " + order.id());
        }

        @PgWorker("object")
        Object object(Order order) {
            return Outcome.complete("object " + order.id());
        }

        @PgWorker("stageOfOutcome")
        CompletionStage<Outcome> stageOfOutcome(Order order) {
            return CompletableFuture.supplyAsync(() -> Outcome.complete("stageOfOutcome " + order.id()));
        }
    }

    @ApplicationScoped
    static class Failing {

        @PgWorker("checked")
        void checked(Order order) throws IOException {
            throw new IOException("checked " + order.id());
        }

        @PgWorker("stageFails")
        CompletionStage<String> stage(Order order) {
            return CompletableFuture.failedFuture(new IOException("stage " + order.id()));
        }

        @PgWorker("hopeless")
        void hopeless(Order order) {
            throw new NonRetryableException("never");
        }

        @PgWorker("error")
        void error(Order order) {
            throw new StackOverflowError("too deep");
        }

        @PgWorker("dead")
        Outcome dead(Order order) {
            return Outcome.dead("no such order");
        }
    }

    @ApplicationScoped
    static class InRequest {

        @Inject
        Seen seen;

        @Inject
        Request request;

        @PgWorker("inRequest")
        void work(Order order) {
            seen.add(request.use() + " " + request.use());
        }
    }

    @ApplicationScoped
    static class Clumsy {

        @Inject
        Seen seen;

        @Inject
        Clumsy self;

        @PgWorker("nested")
        void work(Job<Order> job) {
            seen.add("work " + job.payload().id());
            if (job.payload().id().equals("outer")) {
                self.work(new Job<>(
                        0,
                        job.queue(),
                        new Order("inner"),
                        1,
                        0,
                        1,
                        job.pushedAt(),
                        job.leasedUntil(),
                        Map.of(),
                        null,
                        null,
                        null));
            }
        }
    }

    @Test
    void work_genericPayload_getsItsElements(TestDatabase database) {
        try (WeldNode node = start(database, Payloads.class)) {
            node.get(PgQueueManager.class)
                    .queue("payloads", new PayloadType<List<Order>>() {})
                    .push(List.of(new Order("a")));

            assertThat(seen(node, 1)).containsExactly("[Order[id=a]]");
        }
    }

    @Test
    void work_primitivePayload_isUnboxed(TestDatabase database) {
        try (WeldNode node = start(database, Primitives.class)) {
            database.execute("SELECT pg_queue_push('primitives', '7')");

            assertThat(seen(node, 1)).containsExactly("7");
        }
    }

    @Test
    void work_inheritedGenericMethod_readsTheTypeOfTheBean(TestDatabase database) {
        try (WeldNode node = start(database, Inheriting.class)) {
            push(node, "inherited", "a");

            assertThat(seen(node, 1)).containsExactly("Order[id=a]");
        }
    }

    @Test
    void work_methodOfADependentBean_isInterceptedInjectedAndDestroyed(TestDatabase database) {
        try (WeldNode node = start(database, Everything.class)) {
            push(node, "everything", "a");
            push(node, "everything", "b");

            node.probe().await("completed everything", 2);
            assertThat(seen(node, 8))
                    .containsExactlyInAnyOrder(
                            "before work",
                            "true 1 true true",
                            "part destroyed",
                            "worker destroyed",
                            "before work",
                            "true 1 true true",
                            "part destroyed",
                            "worker destroyed");
            assertThat(node.get(PgQueueManager.class).queue("next", Order.class).pendingCount())
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"value", "stage", "outcome", "object", "stageOfOutcome"})
    void work_result_isTheAnswer(String queue, TestDatabase database) {
        try (WeldNode node = start(database, Results.class)) {
            RequestResponse requests = node.get(RequestResponse.class);

            String answer = requests.pushAndWait(queue, new Order("a"), String.class, Duration.ofSeconds(20));

            assertThat(answer).isEqualTo(queue + " a");
        }
    }

    @Test
    void work_nothing_completes(TestDatabase database) {
        try (WeldNode node = start(database, Results.class)) {
            push(node, "nothing", "a");

            node.probe().await("completed nothing");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"checked", "stageFails"})
    void work_exception_isTheAnswerAsItWasThrown(String queue, TestDatabase database) {
        try (WeldNode node = start(database, Failing.class)) {
            RequestResponse requests = node.get(RequestResponse.class);

            Throwable failure = Assertions.catchThrowable(
                    () -> requests.pushAndWait(queue, new Order("a"), String.class, Duration.ofSeconds(20)));

            assertThat(failure).isInstanceOfSatisfying(RequestFailedException.class, failed -> {
                assertThat(failed.remoteType()).isEqualTo(IOException.class.getName());
                assertThat(failed.remoteMessage()).endsWith(" a");
            });
        }
    }

    @Test
    void work_exception_isAFailedAttempt(TestDatabase database) {
        try (WeldNode node = start(database, Failing.class)) {
            push(node, "checked", "a");
            push(node, "error", "a");

            node.probe().await("failed checked", 2);
            node.probe().await("failed error", 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hopeless", "dead"})
    void work_hopelessJob_isADeadLetterAtOnce(String queue, TestDatabase database) {
        try (WeldNode node = start(database, Failing.class)) {
            push(node, queue, "a");

            node.probe().await("dead " + queue);
            assertThat(node.probe().countOf("failed " + queue)).isZero();
        }
    }

    @Test
    void work_calledByOthers_isAPlainMethod(TestDatabase database) {
        try (WeldNode node = start(database, Clumsy.class)) {
            push(node, "nested", "outer");

            node.probe().await("completed nested");
            assertThat(seen(node, 2)).containsExactly("work outer", "work inner");
        }
    }

    @Test
    void work_eachJob_hasARequestContextOfItsOwn(TestDatabase database) {
        try (WeldNode node = start(database, InRequest.class)) {
            RequestContextController controller = node.get(RequestContextController.class);
            controller.activate();
            node.get(Request.class).use();

            push(node, "inRequest", "a");
            push(node, "inRequest", "b");

            assertThat(seen(node, 2)).containsExactly("1 2", "1 2");
            controller.deactivate();
        }
    }

    private static WeldNode start(TestDatabase database, Class<?>... workers) {
        return WeldNode.builder(database)
                .beans(Seen.class, Request.class, Part.class, Tracer.class)
                .beans(workers)
                .config("pg-queue.schema-management", "migrate")
                .start();
    }

    private static void push(WeldNode node, String queue, String id) {
        node.get(PgQueueManager.class).queue(queue, Order.class).push(new Order(id));
    }

    private static List<String> seen(WeldNode node, int count) {
        Seen seen = node.get(Seen.class);
        await().until(() -> seen.lines().size() >= count);
        return seen.lines();
    }
}
