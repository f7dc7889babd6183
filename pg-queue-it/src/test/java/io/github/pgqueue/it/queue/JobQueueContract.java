package io.github.pgqueue.it.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.pgqueue.InvalidArgumentException;
import io.github.pgqueue.LeaseLostException;
import io.github.pgqueue.NonRetryableException;
import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import io.github.pgqueue.queue.PushOptions;
import io.github.pgqueue.queue.PushResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How a queue behaves, whatever kind of transaction its operations join. Each test that implements this says which kind
 * that is, and makes its manager with {@link #settings}.
 */
public interface JobQueueContract {

    /** The budget of a job that says nothing of its own. */
    int BUDGET = 3;

    /** Settings with which nothing becomes ready, and no lease ends, in the time a test takes. */
    static PgQueueConfig settings(PgQueueConfig config) {
        return config.withQueueDefaults(queue -> queue.withLease(Duration.ofHours(1))
                .withMaxAttempts(BUDGET)
                .withRetryDelay(Duration.ofHours(1), Duration.ofHours(3)));
    }

    /** Where the queues are. */
    TestDatabase database();

    /** A new queue whose operations join the transaction of {@link #committed} and {@link JoiningQueueContract}. */
    <T> JobQueue<T> queue(PayloadType<T> payload);

    /**
     * Runs the work in a transaction that is committed; where there are no transactions it just runs. If the work
     * throws, the transaction is rolled back and the exception passed on.
     */
    <R> R committed(Supplier<R> work);

    /** The same for work without a result. */
    default void commit(Runnable work) {
        committed(() -> {
            work.run();
            return true;
        });
    }

    /** A new queue for text. */
    default JobQueue<String> queue() {
        return queue(PayloadType.of(String.class));
    }

    /** Something about the row of a job; "null" if it is null. */
    default String row(Job<?> job, String expression) {
        return database().text("SELECT %s FROM queue_%s WHERE id = %d".formatted(expression, job.queue(), job.id()));
    }

    /** Whether the job is in its queue at all. */
    default boolean exists(Job<?> job) {
        return database().number("SELECT count(*) FROM queue_%s WHERE id = %d".formatted(job.queue(), job.id())) == 1;
    }

    /** Something about the dead letter of a job. */
    default String deadLetter(Job<?> job, String expression) {
        return database()
                .text("SELECT %s FROM pg_queue_dead_letter WHERE queue = '%s' AND id = %d"
                        .formatted(expression, job.queue(), job.id()));
    }

    /** Makes a delayed job ready, as if the time had passed. */
    default void makeReady(long id, JobQueue<?> queue) {
        database().execute("UPDATE queue_%s SET run_at = clock_timestamp() WHERE id = %d".formatted(queue.name(), id));
    }

    /** Ends the lease of a job, as if its time were over. */
    default void endLease(Job<?> job) {
        database().endLease(job);
    }

    /** The job that a pop must give. */
    default <T> Job<T> pop(JobQueue<T> queue) {
        return queue.pop().orElseThrow();
    }

    /** The jobs that so many pops must give, each under a lease of its own. */
    default <T> List<Job<T>> popEach(JobQueue<T> queue, int pops) {
        return IntStream.range(0, pops).mapToObj(i -> pop(queue)).toList();
    }

    /** A queue with one job in it, which has been popped. */
    default Job<String> popped(JobQueue<String> queue) {
        commit(() -> queue.push("x"));
        return pop(queue);
    }

    /** The job is popped by another worker, since the lease has ended. */
    default <T> Job<T> takenOver(JobQueue<T> queue, Job<T> job) {
        endLease(job);
        Job<T> taken = pop(queue);
        assertThat(taken.id()).isEqualTo(job.id());
        return taken;
    }

    /** Asserts that the work was refused because the job is no longer held. */
    default void assertLeaseLost(Job<?> job, Runnable work) {
        LeaseLostException refused = catchThrowableOfType(LeaseLostException.class, () -> commit(work));

        assertThat(refused).isNotNull();
        assertThat(refused.code()).isEqualTo("PGQ1002");
        assertThat(refused.queue()).isEqualTo(job.queue());
        assertThat(refused.jobIds()).containsExactly(job.id());
        assertThat(refused).hasMessageContaining("job " + job.id()).hasMessageContaining(".lease");
    }

    // push and pop

    @Test
    default void push_thenPop_givesThePayloadOnce() {
        JobQueue<String> queue = queue();

        PushResult pushed = committed(() -> queue.push("ada"));

        Job<String> job = pop(queue);
        assertThat(pushed).isEqualTo(new PushResult(job.id(), PushResult.Status.PUSHED));
        assertThat(job.payload()).isEqualTo("ada");
        assertThat(queue.pop()).isEmpty();
    }

    @Test
    default void push_several_areReadyInTheirOrder() {
        JobQueue<String> queue = queue();

        commit(() -> queue.push("first"));
        commit(() -> queue.push("second"));
        commit(() -> queue.push("third"));

        assertThat(queue.pop(2)).extracting(Job::payload).containsExactly("first", "second");
        assertThat(queue.pop(2)).extracting(Job::payload).containsExactly("third");
    }

    @Test
    default void push_genericPayload_isReadAsThatType() {
        JobQueue<List<Map<String, Integer>>> queue = queue(new PayloadType<>() {});

        commit(() -> queue.push(List.of(Map.of("a", 1), Map.of("b", 2))));

        assertThat(pop(queue).payload()).containsExactly(Map.of("a", 1), Map.of("b", 2));
    }

    @Test
    default void pushAll_manyPayloads_givesIdsInTheirOrder() {
        JobQueue<Integer> queue = queue(PayloadType.of(Integer.class));
        List<Integer> payloads = IntStream.range(0, 1_000).boxed().toList();

        List<PushResult> pushed = committed(() -> queue.pushAll(payloads));

        List<Job<Integer>> jobs = queue.pop(1_000);
        assertThat(pushed).extracting(PushResult::id).isSorted().doesNotHaveDuplicates();
        assertThat(jobs).extracting(Job::payload).isEqualTo(payloads);
        assertThat(jobs)
                .extracting(Job::id)
                .isEqualTo(pushed.stream().map(PushResult::id).toList());
    }

    @Test
    default void pushAll_withOptions_holdForEachJob() {
        JobQueue<String> queue = queue();

        commit(() -> queue.pushAll(
                List.of("a", "b"), PushOptions.none().withMaxAttempts(7).withHeader("trace", "1")));

        assertThat(queue.pop(2)).hasSize(2).allSatisfy(job -> {
            assertThat(job.maxAttempts()).isEqualTo(7);
            assertThat(job.headers()).containsExactly(Map.entry("trace", "1"));
        });
    }

    @Test
    default void pushAll_nothing_pushesNothing() {
        JobQueue<String> queue = queue();

        List<PushResult> pushed = committed(() -> queue.pushAll(List.of()));

        assertThat(pushed).isEmpty();
        assertThat(queue.pendingCount()).isZero();
    }

    /** So many payloads for more than one portion of a stream. */
    default Stream<String> portions() {
        return IntStream.range(0, 30).mapToObj(i -> i + "x".repeat(100_000));
    }

    @Test
    default void pushStream_severalPortions_arePushedInTheirOrder() {
        JobQueue<String> queue = queue();

        long pushed = committed(() -> queue.pushStream(portions()));

        assertThat(pushed).isEqualTo(30);
        assertThat(queue.pop(100))
                .extracting(Job::payload)
                .containsExactlyElementsOf(portions().toList());
    }

    @Test
    default void pushStream_withOptions_holdForEachJob() {
        JobQueue<String> queue = queue();
        Map<String, String> headers = Map.of("trace", "1", "odd", "\\t\t\\N\n'\r\"\\");

        commit(() -> queue.pushStream(
                Stream.of("a", "b"),
                new PushOptions(/* delay= */ null, Instant.parse("1999-12-31T23:59:59.123456Z"), 7, headers)));
        commit(() -> queue.pushStream(Stream.of("later"), PushOptions.none().withDelay(Duration.ofHours(1))));

        assertThat(queue.pop(3)).hasSize(2).allSatisfy(job -> {
            assertThat(job.maxAttempts()).isEqualTo(7);
            assertThat(job.headers()).isEqualTo(headers);
            assertThat(row(job, "run_at AT TIME ZONE 'UTC'")).isEqualTo("1999-12-31 23:59:59.123456");
        });
        assertThat(database()
                        .number(
                                "SELECT count(*) FROM queue_%s WHERE run_at - pushed_at BETWEEN interval '59 min' AND interval '61 min'"
                                        .formatted(queue.name())))
                .isEqualTo(1);
    }

    /** The loss of its one attempt must count. */
    @Test
    default void pushStream_ofJobsWithOneAttempt_areBuriedWhenTheirLeaseEnds() {
        JobQueue<String> queue = queue();
        commit(() -> queue.pushStream(Stream.of("x"), PushOptions.none().withMaxAttempts(1)));

        endLease(pop(queue));

        assertThat(queue.pop()).isEmpty();
        assertThat(deadLetters(queue)).isEqualTo(1);
    }

    @Test
    default void pushStream_nothing_pushesNothing() {
        JobQueue<String> queue = queue();

        long pushed = committed(() -> queue.pushStream(Stream.of()));

        assertThat(pushed).isZero();
        assertThat(queue.pendingCount()).isZero();
    }

    @Test
    default void pushStream_thatFailsInTheMiddle_pushesNothing() {
        JobQueue<Object> queue = queue(PayloadType.of(Object.class));

        assertThatThrownBy(() -> commit(() -> queue.pushStream(Stream.concat(portions(), Stream.of("NUL \0")))))
                .isInstanceOfSatisfying(
                        PayloadException.class,
                        refused -> assertThat(refused.code()).isEqualTo("PGQ5003"));

        assertThat(queue.pop()).isEmpty();
        commit(() -> queue.push("next"));
        assertThat(pop(queue).payload()).isEqualTo("next");
    }

    @Test
    default void pop_emptyQueue_isEmpty() {
        JobQueue<String> queue = queue();

        assertThat(queue.pop()).isEmpty();
        assertThat(queue.pop(10)).isEmpty();
    }

    @Test
    default void pop_aJob_tellsAllAboutIt() {
        JobQueue<String> queue = queue();
        Instant before = now();

        commit(() -> queue.push("x"));

        Job<String> job = pop(queue);
        Instant after = now();
        assertThat(job.queue()).isEqualTo(queue.name());
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.failures()).isZero();
        assertThat(job.maxAttempts()).isEqualTo(BUDGET);
        assertThat(job.pushedAt()).isBetween(before, after);
        assertThat(job.leasedUntil()).isBetween(before.plus(Duration.ofHours(1)), after.plus(Duration.ofHours(1)));
        assertThat(job.headers()).isEmpty();
        assertThat(job.requestId()).isNull();
        assertThat(job.deadline()).isNull();
        assertThat(job).hasToString("Job[" + queue.name() + "#" + job.id() + " attempt 1]");
    }

    private Instant now() {
        return Instant.ofEpochSecond(
                0, database().number("SELECT (extract(epoch FROM clock_timestamp()) * 1e6)::bigint") * 1_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 10_001, Integer.MAX_VALUE})
    default void pop_limitOutOfRange_isRefused(int limit) {
        JobQueue<String> queue = queue();

        assertThatThrownBy(() -> queue.pop(limit))
                .isInstanceOfSatisfying(
                        InvalidArgumentException.class,
                        refused -> assertThat(refused.code()).isEqualTo("PGQ1007"));
    }

    @Test
    default void pop_manyAtOnce_neverShareAJob() throws Exception {
        JobQueue<Integer> queue = queue(PayloadType.of(Integer.class));
        commit(() -> queue.pushAll(IntStream.range(0, 200).boxed().toList()));
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        Callable<Integer> popUntilEmpty = () -> {
            int popped = 0;
            while (true) {
                List<Job<Integer>> jobs = queue.pop(7);
                if (jobs.isEmpty()) {
                    return popped;
                }
                popped += jobs.size();
                jobs.forEach(job -> seen.add(job.id()));
            }
        };

        int popped = 0;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<Integer> worker :
                    threads.invokeAll(List.of(popUntilEmpty, popUntilEmpty, popUntilEmpty, popUntilEmpty))) {
                popped += worker.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(popped).isEqualTo(200);
        assertThat(seen).hasSize(200);
    }

    // options

    @Test
    default void push_withDelay_isNotReadyBeforeItsTime() {
        JobQueue<String> queue = queue();

        long id = committed(() -> queue.push("later", PushOptions.none().withDelay(Duration.ofHours(1))))
                .id();

        assertThat(queue.pop()).isEmpty();
        assertThat(database()
                        .number(
                                "SELECT count(*) FROM queue_%s WHERE run_at - pushed_at BETWEEN interval '59 min' AND interval '61 min'"
                                        .formatted(queue.name())))
                .isEqualTo(1);
        makeReady(id, queue);
        assertThat(pop(queue).payload()).isEqualTo("later");
    }

    @Test
    default void push_runAtInTheFuture_isNotReadyBeforeItsTime() {
        JobQueue<String> queue = queue();

        long id = committed(() ->
                        queue.push("later", PushOptions.none().withRunAt(Instant.parse("2999-12-31T23:59:59.123456Z"))))
                .id();

        assertThat(queue.pop()).isEmpty();
        assertThat(database().text("SELECT run_at AT TIME ZONE 'UTC' FROM queue_" + queue.name()))
                .isEqualTo("2999-12-31 23:59:59.123456");
        makeReady(id, queue);
        assertThat(pop(queue).payload()).isEqualTo("later");
    }

    @Test
    default void push_runAtInThePast_isReadyAtOnceAndFirst() {
        JobQueue<String> queue = queue();

        commit(() -> queue.push("now"));
        commit(() -> queue.push("overdue", PushOptions.none().withRunAt(Instant.EPOCH)));

        assertThat(queue.pop(2)).extracting(Job::payload).containsExactly("overdue", "now");
    }

    @Test
    default void push_withMaxAttempts_limitsThisJob() {
        JobQueue<String> queue = queue();
        commit(() -> queue.push("once", PushOptions.none().withMaxAttempts(1)));
        Job<String> job = pop(queue);

        commit(() -> queue.fail(job, new IllegalStateException("boom")));

        assertThat(job.maxAttempts()).isEqualTo(1);
        assertThat(exists(job)).isFalse();
        assertThat(deadLetter(job, "max_attempts")).isEqualTo("1");
    }

    @Test
    default void push_withHeaders_theyTravelAsTheyAre() {
        JobQueue<String> queue = queue();
        Map<String, String> headers = Map.of(
                "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "", "empty name",
                "empty value", "",
                "quotes'\"`\\", "'; DROP TABLE pg_queue_queue; -- $$ ${jndi:ldap://x} {0}",
                "line\r\nbreak\t", "\u0001\u001b[31m\u2028\u202e",
                "ünïcode 😀", "\ud83d\ude00".repeat(1_000));

        commit(() -> queue.push("x", new PushOptions(null, null, null, headers)));

        assertThat(pop(queue).headers()).isEqualTo(headers);
    }

    @Test
    default void pushOptions_outOfRange_areRefused() {
        PushOptions none = PushOptions.none();

        for (Callable<PushOptions> options : List.<Callable<PushOptions>>of(
                () -> none.withDelay(Duration.ofMillis(-1)),
                () -> none.withDelay(Duration.ofSeconds(Long.MAX_VALUE)),
                () -> none.withRunAt(Instant.MIN),
                () -> none.withRunAt(Instant.MAX),
                () -> none.withDelay(Duration.ZERO).withRunAt(Instant.EPOCH),
                () -> none.withMaxAttempts(0))) {
            assertThatThrownBy(options::call)
                    .isInstanceOfSatisfying(
                            InvalidArgumentException.class,
                            refused -> assertThat(refused.code()).isEqualTo("PGQ1006"));
        }
    }

    // complete

    @Test
    default void complete_heldJob_endsIt() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);

        commit(() -> queue.complete(job));

        assertThat(exists(job)).isFalse();
        assertThat(deadLetters(queue)).isZero();
    }

    private long deadLetters(JobQueue<?> queue) {
        return database().number("SELECT count(*) FROM pg_queue_dead_letter WHERE queue = '" + queue.name() + "'");
    }

    @Test
    default void complete_twice_isRefused() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);
        commit(() -> queue.complete(job));

        assertLeaseLost(job, () -> queue.complete(job));
    }

    @Test
    default void complete_afterTakeover_isRefusedAndTheOtherGoesOn() {
        JobQueue<String> queue = queue();
        Job<String> late = popped(queue);
        Job<String> current = takenOver(queue, late);

        assertLeaseLost(late, () -> queue.complete(late));

        assertThat(exists(current)).isTrue();
        commit(() -> queue.complete(current));
        assertThat(exists(current)).isFalse();
    }

    @Test
    default void complete_leaseEndedButNobodyTookOver_isAccepted() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);
        endLease(job);

        commit(() -> queue.complete(job));

        assertThat(exists(job)).isFalse();
    }

    @Test
    default void complete_jobThatWasGivenBack_isRefused() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);
        queue.release(job);

        assertLeaseLost(job, () -> queue.complete(job));

        assertThat(exists(job)).isTrue();
    }

    @Test
    default void completeAll_heldJobs_endsThemInOneGo() {
        JobQueue<String> queue = queue();
        commit(() -> queue.pushAll(List.of("a", "b", "c")));
        List<Job<String>> jobs = queue.pop(3);

        commit(() -> queue.completeAll(jobs));
        commit(() -> queue.completeAll(List.of()));

        assertThat(jobs).noneMatch(this::exists);
    }

    @Test
    default void completeAll_someLost_completesTheOthersAndNamesTheLost() {
        JobQueue<String> queue = queue();
        commit(() -> queue.pushAll(List.of("a", "b", "c", "d")));
        List<Job<String>> jobs = popEach(queue, 4);
        Job<String> takenOver = takenOver(queue, jobs.get(1));
        commit(() -> queue.complete(jobs.get(3)));
        List<LeaseLostException> told = new ArrayList<>();

        commit(() -> {
            try {
                queue.completeAll(jobs);
            } catch (LeaseLostException e) {
                told.add(e);
            }
        });

        assertThat(told).singleElement().satisfies(lost -> {
            assertThat(lost.code()).isEqualTo("PGQ1002");
            assertThat(lost.jobIds())
                    .containsExactly(jobs.get(1).id(), jobs.get(3).id());
        });
        assertThat(exists(jobs.get(0))).isFalse();
        assertThat(exists(takenOver)).isTrue();
        assertThat(exists(jobs.get(2))).isFalse();
    }

    // fail

    @Test
    default void fail_withBudgetLeft_comesBackLaterAndCountsAFailure() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);

        commit(() -> queue.fail(job, new IllegalStateException("mail server away")));

        assertThat(queue.pop()).isEmpty();
        assertThat(row(job, "failures")).isEqualTo("1");
        assertThat(row(job, "leased_until")).isEqualTo("null");
        assertThat(row(job, "last_error")).isEqualTo("java.lang.IllegalStateException: mail server away");
        makeReady(job.id(), queue);
        Job<String> again = pop(queue);
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.failures()).isEqualTo(1);
        assertThat(again.payload()).isEqualTo("x");
        assertThat(again.pushedAt()).isEqualTo(job.pushedAt());
    }

    @Test
    default void fail_againAndAgain_doublesTheDelayUpToTheLongest() {
        JobQueue<String> queue = queue();
        commit(() -> queue.push("x", PushOptions.none().withMaxAttempts(100)));

        // Half of each delay is fixed, the other half is random.
        for (Duration full :
                List.of(Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(3), Duration.ofHours(3))) {
            Job<String> job = pop(queue);
            Instant before = now();

            commit(() -> queue.fail(job, new IllegalStateException("again")));

            long delay = Long.parseLong(
                    row(job, "(extract(epoch FROM run_at - timestamptz '%s') * 1000)::bigint".formatted(before)));
            assertThat(Duration.ofMillis(delay)).isBetween(full.dividedBy(2), full.plusMinutes(1));
            makeReady(job.id(), queue);
        }
    }

    @Test
    default void fail_budgetSpent_becomesADeadLetterThatKeepsEverything() {
        JobQueue<String> queue = queue();
        commit(() -> queue.push("x", PushOptions.none().withHeader("h", "1")));

        Job<String> job = pop(queue);
        for (int failure = 1; failure < BUDGET; failure++) {
            Job<String> failing = job;
            commit(() -> queue.fail(failing, new IllegalStateException("not the last")));
            makeReady(job.id(), queue);
            job = pop(queue);
        }
        Job<String> last = job;
        commit(() -> queue.fail(last, new java.io.IOException("disk full")));

        assertThat(exists(last)).isFalse();
        assertThat(deadLetter(last, "error")).isEqualTo("java.io.IOException: disk full");
        assertThat(deadLetter(last, "failures")).isEqualTo(Integer.toString(BUDGET));
        assertThat(deadLetter(last, "attempt")).isEqualTo(Integer.toString(BUDGET));
        assertThat(deadLetter(last, "payload")).isEqualTo("\"x\"");
        assertThat(deadLetter(last, "headers")).isEqualTo("{\"h\": \"1\"}");
        assertThat(deadLetter(last, "pushed_at = '%s' AND died_at > pushed_at".formatted(last.pushedAt())))
                .isEqualTo("t");
        assertThat(queue.stats().dead()).isEqualTo(1);
    }

    @Test
    default void fail_nonRetryable_becomesADeadLetterAtOnce() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);

        commit(() -> queue.fail(job, new NonRetryableException("no such customer")));

        assertThat(exists(job)).isFalse();
        assertThat(deadLetter(job, "error")).contains("PGQ1004").contains("no such customer");
        assertThat(deadLetter(job, "failures")).isEqualTo("1");
    }

    @Test
    default void fail_withHostileErrorText_isStoredAllTheSame() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);
        Throwable hostile =
                new IllegalStateException("nul \u0000, half \uD83D, '; DROP TABLE x; -- $$ " + "long ".repeat(100_000));

        commit(() -> queue.fail(job, hostile));

        assertThat(row(job, "last_error"))
                .startsWith("java.lang.IllegalStateException: nul \uFFFD, half \uFFFD, '; DROP TABLE x; -- $$ long")
                .hasSizeLessThanOrEqualTo(4_096);
    }

    @Test
    default void fail_exceptionWithoutMessage_isStoredAllTheSame() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);

        commit(() -> queue.fail(job, new IllegalStateException()));

        assertThat(row(job, "last_error")).startsWith("java.lang.IllegalStateException");
    }

    @Test
    default void fail_afterTakeover_isRefused() {
        JobQueue<String> queue = queue();
        Job<String> late = popped(queue);
        Job<String> current = takenOver(queue, late);

        assertLeaseLost(late, () -> queue.fail(late, new IllegalStateException("late")));
        assertLeaseLost(late, () -> queue.fail(late, new NonRetryableException("late")));

        assertThat(row(current, "failures || ' ' || attempt || ' ' || (leased_until IS NOT NULL)"))
                .isEqualTo("1 2 true");
        assertThat(deadLetters(queue)).isZero();
    }

    // retry

    @Test
    default void retry_withoutCause_isNotCounted() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);

        for (int i = 0; i < BUDGET + 2; i++) {
            Job<String> current = job;
            commit(() -> queue.retry(current, Duration.ofHours(5)));
            assertThat(queue.pop()).isEmpty();
            assertThat(row(job, "run_at - clock_timestamp() BETWEEN interval '4 h' AND interval '5 h'"))
                    .isEqualTo("t");
            makeReady(job.id(), queue);
            job = pop(queue);
        }

        assertThat(job.failures()).isZero();
        assertThat(job.attempt()).isEqualTo(BUDGET + 3);
    }

    @Test
    default void retry_withCause_isLimitedByTheBudget() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);

        for (int i = 1; i < BUDGET; i++) {
            Job<String> current = job;
            commit(() -> queue.retry(current, Duration.ZERO, new IllegalStateException("busy")));
            job = pop(queue);
            assertThat(job.failures()).isEqualTo(i);
        }
        Job<String> last = job;
        commit(() -> queue.retry(last, Duration.ZERO, new IllegalStateException("busy")));

        assertThat(exists(last)).isFalse();
        assertThat(deadLetter(last, "error")).isEqualTo("java.lang.IllegalStateException: busy");
    }

    @Test
    default void retry_delayOutOfRange_isRefusedAndTheJobIsStillHeld() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);

        for (Duration delay : List.of(Duration.ofMillis(-1), Duration.ofDays(100_000))) {
            assertThatThrownBy(() -> commit(() -> queue.retry(job, delay)))
                    .isInstanceOfSatisfying(
                            InvalidArgumentException.class,
                            refused -> assertThat(refused.code()).isEqualTo("PGQ1006"));
        }

        commit(() -> queue.complete(job));
    }

    @Test
    default void retry_afterTakeover_isRefused() {
        JobQueue<String> queue = queue();
        Job<String> late = popped(queue);
        Job<String> current = takenOver(queue, late);

        assertLeaseLost(late, () -> queue.retry(late, Duration.ZERO));
        assertLeaseLost(late, () -> queue.retry(late, Duration.ZERO, new IllegalStateException("late")));

        commit(() -> queue.complete(current));
    }

    // release

    @Test
    default void release_heldJob_isAsIfItHadNotBeenPopped() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);
        commit(() -> queue.push("behind it"));

        queue.release(job);

        assertThat(row(job, "leased_by")).isEqualTo("null");
        Job<String> again = pop(queue);
        assertThat(again.id()).isEqualTo(job.id());
        assertThat(again.payload()).isEqualTo("x");
        assertThat(again.failures()).isZero();
        assertThat(again.attempt()).isEqualTo(2);
    }

    @Test
    default void release_afterTakeover_changesNothing() {
        JobQueue<String> queue = queue();
        Job<String> late = popped(queue);
        Job<String> current = takenOver(queue, late);

        queue.release(late);

        assertThat(queue.pop()).isEmpty();
        commit(() -> queue.complete(current));
    }

    @Test
    default void release_completedJob_changesNothing() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);
        commit(() -> queue.complete(job));

        queue.release(job);

        assertThat(exists(job)).isFalse();
    }

    // attempts and budget

    @Test
    default void attempt_whateverHappens_onlyRises() {
        JobQueue<String> queue = queue();
        List<Integer> attempts = new ArrayList<>();

        Job<String> first = popped(queue);
        attempts.add(first.attempt());
        queue.release(first);
        Job<String> released = pop(queue);
        attempts.add(released.attempt());
        commit(() -> queue.retry(released, Duration.ZERO));
        Job<String> retried = pop(queue);
        attempts.add(retried.attempt());
        commit(() -> queue.fail(retried, new IllegalStateException("boom")));
        makeReady(first.id(), queue);
        Job<String> failed = pop(queue);
        attempts.add(failed.attempt());
        Job<String> lost = takenOver(queue, failed);
        attempts.add(lost.attempt());
        commit(() -> queue.fail(lost, new NonRetryableException("enough")));
        database().text("SELECT pg_queue_requeue('%s')".formatted(queue.name()));
        Job<String> requeued = pop(queue);
        attempts.add(requeued.attempt());

        assertThat(attempts).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(requeued.id()).isEqualTo(first.id());
        assertThat(requeued.failures()).isZero();
    }

    @Test
    default void takeover_ofALostJob_countsAFailure() {
        JobQueue<String> queue = queue();
        Job<String> lost = popped(queue);

        Job<String> taken = takenOver(queue, lost);

        assertThat(taken.attempt()).isEqualTo(2);
        assertThat(taken.failures()).isEqualTo(1);
        assertThat(taken.payload()).isEqualTo("x");
        assertThat(taken.leasedUntil()).isAfter(lost.leasedUntil());
    }

    @Test
    default void takeover_budgetSpent_buriesTheJobUnworked() {
        JobQueue<String> queue = queue();
        Job<String> job = popped(queue);
        for (int failure = 1; failure < BUDGET; failure++) {
            job = takenOver(queue, job);
            assertThat(job.failures()).isEqualTo(failure);
        }

        endLease(job);

        assertThat(queue.pop()).isEmpty();
        assertThat(exists(job)).isFalse();
        assertThat(deadLetter(job, "failures || ' ' || attempt")).isEqualTo(BUDGET + " " + BUDGET);
        assertThat(deadLetter(job, "error")).contains("lease");
        assertThat(deadLetter(job, "payload")).isEqualTo("\"x\"");
    }

    @Test
    default void takeover_budgetOfOneSpent_doesNotHideTheJobsBehindIt() {
        JobQueue<String> queue = queue();
        commit(() -> queue.pushAll(
                List.of("poison 1", "poison 2"), PushOptions.none().withMaxAttempts(1)));
        commit(() -> queue.push("lost"));
        Collection<Job<String>> jobs = queue.pop(3);
        jobs.forEach(this::endLease);

        Job<String> next = pop(queue);

        assertThat(next.payload()).isEqualTo("lost");
        assertThat(deadLetters(queue)).isEqualTo(2);
    }

    // counts

    @Test
    default void pendingCount_countsWhatIsNotClaimed() {
        JobQueue<String> queue = queue();
        commit(() -> queue.pushAll(List.of("a", "b", "c")));
        commit(() -> queue.push("later", PushOptions.none().withDelay(Duration.ofHours(1))));

        pop(queue);

        assertThat(queue.pendingCount()).isEqualTo(3);
    }

    @Test
    default void stats_ofEveryState_countsEach() {
        JobQueue<String> queue = queue();
        commit(() ->
                queue.pushAll(IntStream.range(0, 10).mapToObj(Integer::toString).toList()));
        commit(() -> queue.push("later", PushOptions.none().withDelay(Duration.ofHours(1))));
        List<Job<String>> jobs = popEach(queue, 4);
        commit(() -> queue.fail(jobs.get(0), new NonRetryableException("dead")));
        endLease(jobs.get(1));

        var stats = queue.stats();

        assertThat(stats.ready()).as("ready").isEqualTo(6 + 1);
        assertThat(stats.scheduled()).as("scheduled").isEqualTo(1);
        assertThat(stats.running()).as("running").isEqualTo(2);
        assertThat(stats.dead()).as("dead").isEqualTo(1);
        assertThat(stats.oldestReady()).isNotNull().isPositive();
    }

    @Test
    default void stats_nothingReady_hasNoOldest() {
        JobQueue<String> queue = queue();
        commit(() -> queue.push("later", PushOptions.none().withDelay(Duration.ofHours(1))));

        var stats = queue.stats();

        assertThat(stats.ready()).isZero();
        assertThat(stats.oldestReady()).isNull();
    }
}
