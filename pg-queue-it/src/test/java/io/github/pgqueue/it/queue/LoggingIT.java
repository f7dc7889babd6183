package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.pgqueue.PayloadType;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.PushOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the library logs has no payload, at no level, and no foreign text can forge a line. */
@PgQueueTest
class LoggingIT {

    private static final String SECRET = "correct-horse-battery-staple";
    private static final String LOGGER = "io.github.pgqueue";

    record Order(int number) {}

    private static String text(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource
    void work_payloadsHeadersAndReplies_areNeverLogged(WorkerMode mode, TestNode node) {
        JobQueue<Map<String, String>> queue = node.manager().queue(node.queueName(), new PayloadType<>() {});

        try (Logged logs = Logged.everythingBy(LOGGER)) {
            node.manager()
                    .work(
                            queue.name().value(),
                            new PayloadType<Map<String, String>>() {},
                            mode.options(),
                            (job, context) -> {
                                if (job.attempt() == 1) {
                                    throw new IllegalStateException("without it");
                                }
                                return job.payload().containsKey("dead")
                                        ? Outcome.dead("without it")
                                        : Outcome.complete(job.payload());
                            });
            node.manager().start();
            queue.push(Map.of("password", SECRET), PushOptions.none().withHeader("token", SECRET));
            queue.push(Map.of("dead", SECRET));

            node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
            node.manager().close();
            assertThat(logs.messages())
                    .anyMatch(message -> message.contains(queue.name().value()));
            assertThat(logs.text()).doesNotContain(SECRET);
        }
    }

    @Test
    void work_unreadablePayloads_areNeverLoggedNorStoredAsErrors(TestNode node) {
        JobQueue<Map<String, Integer>> counts = node.manager().queue(node.queueName(), new PayloadType<>() {});
        JobQueue<Order> orders = node.queue(Order.class);
        for (String json : List.of(
                "\"%s\"", "{\"%s\": \"%s\"}", "[\"%s\"]", "{\"number\": \"%s\"}", "{\"number\": {\"%s\": 1}}")) {
            String payload = json.replace("%s", SECRET);
            node.database()
                    .execute(
                            "INSERT INTO queue_%s (payload, max_attempts) VALUES ('%s', 2)"
                                    .formatted(counts.name(), payload),
                            "INSERT INTO queue_%s (payload, max_attempts) VALUES ('%s', 2)"
                                    .formatted(orders.name(), payload));
        }

        try (Logged logs = Logged.everythingBy(LOGGER)) {
            node.manager()
                    .work(
                            counts.name().value(),
                            new PayloadType<Map<String, Integer>>() {},
                            WorkerMode.LEASED.options(),
                            (job, context) -> Outcome.complete());
            node.manager().work(orders.name().value(), Order.class, (job, context) -> Outcome.complete());
            node.manager().start();

            node.database().await("SELECT count(*) FROM queue_" + counts.name(), 0);
            node.database().await("SELECT count(*) FROM queue_" + orders.name(), 0);
            assertThat(logs.messages()).anyMatch(message -> message.contains("PGQ5007"));
            assertThat(logs.text()).doesNotContain(SECRET);
        }
        assertThat(node.database()
                        .number("SELECT count(*) FROM pg_queue_dead_letter WHERE queue IN ('%s', '%s')"
                                .formatted(counts.name(), orders.name())))
                .isEqualTo(9);
        assertThat(node.database().text("SELECT string_agg(error, ' ') FROM pg_queue_dead_letter"))
                .doesNotContain(SECRET);
    }

    @Test
    void push_refusedPayload_isNotShownByTheException(TestNode node) {
        JobQueue<Object> queue = node.queue(Object.class);

        try (Logged logs = Logged.everythingBy(LOGGER)) {
            for (Object payload : List.of(
                    SECRET + "\0",
                    SECRET + "\uD83D",
                    SECRET.repeat(1 << 16),
                    Map.of(SECRET, "\0"),
                    Map.of(SECRET, new Object()),
                    List.of(SECRET, Map.of(SECRET, new Object())))) {
                Throwable refused = catchThrowable(() -> queue.push(payload));

                assertThat(refused).isNotNull();
                assertThat(refused.getMessage()).doesNotContain(SECRET);
                assertThat(text(refused)).doesNotContain(SECRET);
            }
            assertThat(logs.text()).doesNotContain(SECRET);
        }
    }

    @Test
    void work_hostileExceptionText_staysInItsLine(TestNode node) {
        JobQueue<String> queue = node.queue();
        String hostile =
                "evil\r\nWARNING: forged line\n\u001b[31mred \u2028 \u202e \u0085 \0 ${jndi:ldap://localhost/x} {0} '{1}'";
        queue.push("x", PushOptions.none().withMaxAttempts(2));

        try (Logged logs = Logged.everythingBy(LOGGER)) {
            node.manager().work(queue.name().value(), String.class, (job, context) -> {
                throw new IllegalStateException(hostile);
            });
            node.manager().start();

            node.database().await("SELECT count(*) FROM queue_" + queue.name(), 0);
            node.manager().close();
            assertThat(logs.messages()).anyMatch(message -> message.contains("evil"));
            assertThat(logs.messages())
                    .allMatch(message -> message.matches("[^\\p{Cntrl}\\u0085\\u2028\\u2029\\u202e]*"));
        }
    }
}
