package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.PushOptions;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Payloads that look bad but can be stored come back as they were. That those that cannot be stored are refused, and
 * leave the caller's transaction usable, is in {@link JoiningQueueContract}.
 */
@PgQueueTest
class HostilePayloadIT {

    static Stream<Arguments> texts() {
        return HostilePayloads.texts();
    }

    static Stream<Arguments> numbers() {
        return HostilePayloads.numbers();
    }

    @ParameterizedTest
    @MethodSource("texts")
    void push_text_comesBackAsItWas(String text, TestNode node) {
        JobQueue<String> queue = node.queue();

        queue.push(text);
        queue.pushAll(List.of(text));
        queue.pushStream(Stream.of(text));

        assertThat(queue.pop(3)).extracting(Job::payload).allMatch(text::equals).hasSize(3);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void push_textAsAKey_comesBackAsItWas(String text, TestNode node) {
        JobQueue<Map<String, Integer>> queue = node.manager().queue(node.queueName(), new PayloadType<>() {});
        String key = text.substring(0, Math.min(text.length(), 100_000));

        queue.push(Map.of(key, 1));

        assertThat(queue.pop())
                .hasValueSatisfying(
                        job -> assertThat(job.payload().equals(Map.of(key, 1))).isTrue());
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void push_number_comesBackWithItsValue(BigDecimal number, TestNode node) {
        JobQueue<BigDecimal> queue = node.queue(BigDecimal.class);

        queue.push(number);

        assertThat(queue.pop())
                .hasValueSatisfying(
                        job -> assertThat(job.payload().compareTo(number)).isZero());
    }

    @Test
    void push_hundredLevels_comesBack(TestNode node) {
        JobQueue<Object> queue = node.queue(Object.class);

        queue.push(HostilePayloads.nested(100));

        assertThat(queue.pop()).map(Job::payload).contains(HostilePayloads.nested(100));
    }

    @Test
    void push_sizeLimitOfTheConfiguration_isForBytesOfJson(TestDatabase database) {
        try (TestNode node = TestNode.on(database, config -> config.withMaxPayloadBytes(10))) {
            JobQueue<String> queue = node.queue();

            queue.push("12345678");
            queue.push("äöüß");

            for (String tooLong : List.of("123456789", "äöüßx", "\n\n\n\n\n")) {
                assertThatThrownBy(() -> queue.push(tooLong))
                        .isInstanceOfSatisfying(PayloadException.class, refused -> {
                            assertThat(refused.code()).isEqualTo("PGQ5002");
                            assertThat(refused).hasMessageContaining("pg-queue.max-payload-bytes");
                        });
            }
            assertThat(queue.pop(10)).extracting(Job::payload).containsExactly("12345678", "äöüß");
        }
    }

    @Test
    void push_headersThatCannotBeStored_areRefusedAsPayloadsAre(TestNode node) {
        JobQueue<String> queue = node.queue();

        for (Map.Entry<String, PushOptions> hostile : Map.of(
                        "PGQ5003", PushOptions.none().withHeader("a", "nul \0"),
                        "PGQ5004", PushOptions.none().withHeader("half \uD83D", "a"),
                        "PGQ5002", PushOptions.none().withHeader("a", "x".repeat(1 << 20)))
                .entrySet()) {
            assertThatThrownBy(() -> queue.push("x", hostile.getValue()))
                    .isInstanceOfSatisfying(
                            PayloadException.class,
                            refused -> assertThat(refused.code()).isEqualTo(hostile.getKey()));
            assertThatThrownBy(() -> queue.pushAll(List.of("x"), hostile.getValue()))
                    .isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> queue.pushStream(Stream.of("x"), hostile.getValue()))
                    .isInstanceOf(PayloadException.class);
        }

        assertThat(queue.pendingCount()).isZero();
    }

    @Test
    void push_classNameInTheData_isNotInstantiated(TestNode node) {
        JobQueue<Object> queue = node.queue(Object.class);
        node.database()
                .execute(
                        "INSERT INTO queue_" + queue.name()
                                + " (payload) VALUES ('{\"@class\": \"java.util.Date\", \"@type\": \"java.net.URL\"}'), ('[\"java.util.Date\", 0]')");

        assertThat(queue.pop(2))
                .extracting(Job::payload)
                .containsExactly(
                        Map.of("@class", "java.util.Date", "@type", "java.net.URL"), List.of("java.util.Date", 0));
    }
}
