package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.NonRetryableException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What joins the caller's transaction and what never does, where there are transactions to join. */
public interface JoiningQueueContract extends JobQueueContract {

    /** Runs the work in a transaction that is rolled back. */
    void rollback(Runnable work);

    /** Runs a statement in the transaction of {@link #committed} or {@link #rollback}, as the application would. */
    void business(String sql);

    /** A queue that nobody has created. */
    <T> JobQueue<T> missingQueue(PayloadType<T> payload);

    /** A table of the application, with nothing in it. */
    default String businessTable() {
        String name = "business_" + queue().name();
        database().execute("CREATE TABLE " + name + " (text text)");
        return name;
    }

    @Test
    default void push_uncommitted_isSeenByNobody() {
        JobQueue<String> queue = queue();
        List<Long> seen = new ArrayList<>();

        commit(() -> {
            queue.push("x");
            seen.add(database().number("SELECT count(*) FROM queue_" + queue.name()));
        });

        assertThat(seen).containsExactly(0L);
        assertThat(pop(queue).payload()).isEqualTo("x");
    }

    @Test
    default void push_thenRollback_leavesNoJob() {
        JobQueue<String> queue = queue();

        rollback(() -> {
            queue.push("x");
            queue.pushAll(List.of("y", "z"));
            queue.pushStream(portions());
        });

        assertThat(queue.pop()).isEmpty();
        assertThat(database().number("SELECT count(*) FROM queue_" + queue.name()))
                .isZero();
    }

    @Test
    default void push_withBusinessWrites_areBothOrNeither() {
        JobQueue<String> queue = queue();
        String table = businessTable();

        commit(() -> {
            business("INSERT INTO " + table + " VALUES ('kept')");
            queue.push("kept");
        });
        rollback(() -> {
            queue.push("undone");
            business("INSERT INTO " + table + " VALUES ('undone')");
        });

        assertThat(database().text("SELECT string_agg(text, ',') FROM " + table))
                .isEqualTo("kept");
        assertThat(queue.pop(10)).extracting(Job::payload).containsExactly("kept");
    }

    @Test
    default void push_toTwoQueues_commitsTogether() {
        JobQueue<String> first = queue();
        JobQueue<String> second = queue();

        commit(() -> {
            first.push("x");
            second.push("y");
        });
        rollback(() -> {
            first.push("undone");
            second.push("undone");
        });

        assertThat(first.pop(10)).extracting(Job::payload).containsExactly("x");
        assertThat(second.pop(10)).extracting(Job::payload).containsExactly("y");
    }

    @Test
    default void complete_thenRollback_leavesTheJobHeld() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);

        rollback(() -> queue.complete(job));
        rollback(() -> queue.completeAll(List.of(job)));

        commit(() -> queue.complete(job));
        assertThat(exists(job)).isFalse();
    }

    @Test
    default void failAndRetry_thenRollback_leaveTheJobHeld() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);
        String before = row(job, "queue_%s.*::text".formatted(queue.name()));

        rollback(() -> queue.fail(job, new IllegalStateException("undone")));
        rollback(() -> queue.fail(job, new NonRetryableException("undone")));
        rollback(() -> queue.retry(job, Duration.ZERO));
        rollback(() -> queue.retry(job, Duration.ZERO, new IllegalStateException("undone")));

        assertThat(row(job, "queue_%s.*::text".formatted(queue.name()))).isEqualTo(before);
        assertThat(queue.stats().dead()).isZero();
        commit(() -> queue.complete(job));
    }

    @Test
    default void pop_inATransactionThatRollsBack_staysPopped() {
        JobQueue<String> queue = queue();
        commit(() -> queue.push("x"));
        List<Job<String>> popped = new ArrayList<>();

        rollback(() -> popped.addAll(queue.pop(1)));

        assertThat(popped).hasSize(1);
        assertThat(queue.pop()).isEmpty();
        commit(() -> queue.complete(popped.get(0)));
    }

    @Test
    default void pop_ofAPushInTheSameTransaction_doesNotSeeIt() {
        JobQueue<String> queue = queue();
        List<Job<String>> popped = new ArrayList<>();

        commit(() -> {
            queue.push("x");
            popped.addAll(queue.pop(1));
        });

        assertThat(popped).isEmpty();
        assertThat(pop(queue).payload()).isEqualTo("x");
    }

    @Test
    default void release_inATransactionThatRollsBack_isReleased() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);

        rollback(() -> queue.release(job));

        assertThat(pop(queue).id()).isEqualTo(job.id());
    }

    @Test
    default void complete_refused_leavesTheTransactionUsable() {
        JobQueue<String> queue = queue();
        String table = businessTable();
        Job<String> late = popped(queue);
        Job<String> current = takenOver(queue, late);

        commit(() -> {
            business("INSERT INTO " + table + " VALUES ('before')");
            assertThatThrownBy(() -> queue.complete(late)).isInstanceOf(PgQueueException.class);
            assertThatThrownBy(() -> queue.fail(late, new IllegalStateException("late")))
                    .isInstanceOf(PgQueueException.class);
            queue.complete(current);
            business("INSERT INTO " + table + " VALUES ('after')");
        });

        assertThat(database().number("SELECT count(*) FROM " + table)).isEqualTo(2);
        assertThat(exists(current)).isFalse();
    }

    @Test
    default void push_toAMissingQueue_leavesTheTransactionUsable() {
        JobQueue<String> missing = missingQueue(PayloadType.of(String.class));
        JobQueue<String> queue = queue();
        String table = businessTable();

        commit(() -> {
            business("INSERT INTO " + table + " VALUES ('before')");
            assertRefused("PGQ1003", () -> missing.push("x"));
            assertRefused("PGQ1003", () -> missing.pushAll(List.of("x")));
            assertRefused("PGQ1003", missing::pop);
            assertRefused("PGQ1003", missing::pendingCount);
            queue.push("y");
            business("INSERT INTO " + table + " VALUES ('after')");
        });

        assertThat(database().number("SELECT count(*) FROM " + table)).isEqualTo(2);
        assertThat(pop(queue).payload()).isEqualTo("y");
    }

    @SuppressWarnings("NullAway") // null is one of the payloads that are refused
    @ParameterizedTest
    @MethodSource("io.github.pgqueue.it.queue.HostilePayloads#refused")
    default void push_payloadThatCannotBeStored_leavesTheTransactionUsable(String code, @Nullable Object payload) {
        JobQueue<Object> queue = queue(PayloadType.of(Object.class));
        String table = businessTable();

        commit(() -> {
            business("INSERT INTO " + table + " VALUES ('before')");
            queue.push("first");
            assertRefused(code, () -> queue.push(payload));
            assertRefused(code, () -> queue.pushAll(Arrays.asList("not alone", payload)));
            queue.push("second");
            business("INSERT INTO " + table + " VALUES ('after')");
        });

        assertThat(database().number("SELECT count(*) FROM " + table)).isEqualTo(2);
        assertThat(queue.pop(10)).extracting(Job::payload).containsExactly("first", "second");
    }

    @Test
    default void pushStream_thatFailsInTheMiddle_leavesTheTransactionUsable() {
        JobQueue<String> queue = queue();
        String table = businessTable();

        commit(() -> {
            business("INSERT INTO " + table + " VALUES ('before')");
            queue.push("first");
            assertRefused("PGQ5003", () -> queue.pushStream(Stream.concat(portions(), Stream.of("NUL \0"))));
            assertThatThrownBy(() -> queue.pushStream(portions().peek(payload -> {
                        if (payload.startsWith("29")) {
                            throw new ArithmeticException("the stream's own");
                        }
                    })))
                    .isInstanceOf(ArithmeticException.class);
            queue.push("second");
            business("INSERT INTO " + table + " VALUES ('after')");
        });

        assertThat(database().number("SELECT count(*) FROM " + table)).isEqualTo(2);
        assertThat(queue.pop(100)).extracting(Job::payload).containsExactly("first", "second");
    }

    @Test
    default void pushStream_thatUsesTheSameTransaction_mayDoSo() {
        JobQueue<String> queue = queue();
        String table = businessTable();

        commit(() -> queue.pushStream(portions().peek(payload -> business("INSERT INTO " + table + " VALUES ('x')"))));

        assertThat(database().number("SELECT count(*) FROM " + table)).isEqualTo(30);
        assertThat(queue.pendingCount()).isEqualTo(30);
    }

    private static void assertRefused(String code, Runnable work) {
        assertThatThrownBy(work::run).isInstanceOfSatisfying(PgQueueException.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.getMessage())
                    .startsWith(code + ": ")
                    .hasLineCount(1)
                    .hasSizeLessThan(2_000);
        });
    }
}
