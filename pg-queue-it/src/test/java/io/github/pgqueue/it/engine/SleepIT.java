package io.github.pgqueue.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.engine.Session.Look;
import io.github.pgqueue.it.engine.Session.Running;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Falling asleep while others push, in every order of the steps of two and three sessions: no push is committed while its
 * worker sleeps, is not woken, and need not look again.
 */
@PgQueueTest
class SleepIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** One step of one session. */
    private record Step(String name, Runnable action) {

        @Override
        public String toString() {
            return name;
        }
    }

    /** How jobs are pushed. */
    enum Push {
        INSERT,
        /** The second one asks nobody any more who sleeps. */
        TWO_INSERTS,
        AFTER_A_SAVEPOINT,
        /** A trigger on another table pushes. */
        BY_TRIGGER,
        /** The same, not before the commit. */
        BY_DEFERRED_TRIGGER,
        /** Under JTA: the commit notifies nobody, and who sleeps is woken after it. */
        QUIETLY
    }

    /** A worker as the library has it, one statement at a time. */
    private final class Worker {

        private final Session session = lanes.session().listen();
        private final boolean looksAgain;
        private final List<Long> worked = new ArrayList<>();
        private long horizon;
        private boolean settled;
        private boolean sleeps;
        private boolean woken;

        Worker(boolean looksAgain) {
            this.looksAgain = looksAgain;
        }

        void claim() {
            List<Held> jobs = session.claim(10);
            worked.addAll(Lanes.ids(jobs));
            session.completeAll(jobs);
        }

        /** Once it is registered. */
        void askWhatRuns() {
            Running running = session.running();
            horizon = running.newest();
            settled = !looksAgain || running.oldest() >= horizon;
        }

        /** Whether it may sleep until it is woken. */
        boolean look() {
            Look look = session.look();
            sleeps = settled && !look.ready();
            settled |= look.oldest() >= horizon;
            return sleeps;
        }

        /** With the registration in a transaction of several steps, though it is one statement. */
        List<Step> fallsAsleep() {
            return List.of(
                    new Step("claim", this::claim),
                    new Step("begin to register", () -> session.begin().sleep()),
                    new Step("registered", session::commit),
                    new Step("ask what runs", this::askWhatRuns),
                    new Step("claim again", this::claim),
                    new Step("look", this::look));
        }

        /** The same with less detail, after a claim that nobody disturbed. */
        List<Step> fallsAsleepAtOnce() {
            return List.of(
                    new Step("register", this::registerAtOnce),
                    new Step("claim", this::claim),
                    new Step("look", this::look));
        }

        void registerAtOnce() {
            session.sleep();
            askWhatRuns();
        }

        /** Goes on until it sleeps for good. */
        void goOn() {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        boolean called = session.woken();
                        woken |= called;
                        if (called || !sleeps) {
                            claim();
                            look();
                        }
                        return !called && sleeps;
                    });
        }

        void forget() {
            session.awake();
            session.woken();
            worked.clear();
            sleeps = false;
            woken = false;
        }
    }

    private final TestDatabase database;
    private final Lanes lanes;
    private final Session pusher;
    private final Session second;
    private boolean asleep;

    SleepIT(TestDatabase database) {
        this.database = database;
        this.lanes = new Lanes(database);
        this.pusher = lanes.session();
        this.second = lanes.session();
    }

    @BeforeEach
    void triggers() {
        database.execute(
                """
                CREATE FUNCTION push_%1$s() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_queue_push('%1$s', '1');
                    RETURN NULL;
                END $$
                """.formatted(lanes.queue()), """
                CREATE TABLE order_%1$s (now boolean)
                """.formatted(lanes.queue()), """
                CREATE TRIGGER at_once AFTER INSERT ON order_%1$s
                FOR EACH ROW WHEN (NEW.now) EXECUTE FUNCTION push_%1$s()
                """.formatted(lanes.queue()), """
                CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON order_%1$s DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW WHEN (NOT NEW.now) EXECUTE FUNCTION push_%1$s()
                """.formatted(
                                lanes.queue()));
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    @ParameterizedTest
    @EnumSource
    void push_whileAWorkerFallsAsleep_isWorkedInEveryOrder(Push push) {
        Worker worker = new Worker(/* looksAgain= */ true);

        assertThat(lost(worker, merged(worker.fallsAsleep(), pushes(push, "COMMIT")), push == Push.TWO_INSERTS ? 2 : 1))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void rollback_whileAWorkerFallsAsleep_wakesNobodyAndLetsItSleep(Push push) {
        Worker worker = new Worker(/* looksAgain= */ true);

        for (List<Step> order : merged(worker.fallsAsleep(), pushes(push, "ROLLBACK"))) {
            run(order);
            worker.goOn();

            assertThat(worker.woken).as("woken by %s", order).isFalse();
            assertThat(worker.worked).as("worked in %s", order).isEmpty();
            worker.forget();
        }
    }

    /** The control: this is what looking again is for. */
    @ParameterizedTest
    @EnumSource(names = {"INSERT", "BY_TRIGGER", "QUIETLY"})
    void push_whileAWorkerFallsAsleepThatDoesNotLookAgain_isLostInSomeOrder(Push push) {
        Worker careless = new Worker(/* looksAgain= */ false);

        assertThat(lost(careless, merged(careless.fallsAsleep(), pushes(push, "COMMIT")), 1))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"COMMIT", "ROLLBACK"})
    void push_besideAnother_isWorkedInEveryOrder(String endOfTheOther) {
        Worker worker = new Worker(/* looksAgain= */ true);
        List<Step> other = List.of(
                new Step("other push", () -> second.begin().push(1)),
                new Step("other " + endOfTheOther, () -> second.execute(endOfTheOther)));

        List<List<Step>> orders = merged(worker.fallsAsleepAtOnce(), pushes(Push.INSERT, "COMMIT"), other);

        assertThat(lost(worker, orders, endOfTheOther.equals("COMMIT") ? 2 : 1)).isEmpty();
    }

    /** Who wakes last tells the inserts that nobody sleeps. */
    @Test
    void push_whileOneFallsAsleepAndAnotherWakes_isWorkedInEveryOrder() {
        Worker worker = new Worker(/* looksAgain= */ true);
        Session busy = lanes.session();
        List<Step> wakes = List.of(new Step("other sleeps", busy::sleep), new Step("other wakes", busy::awake));

        List<List<Step>> orders = merged(worker.fallsAsleepAtOnce(), pushes(Push.INSERT, "COMMIT"), wakes);

        assertThat(lost(worker, orders, 1)).isEmpty();
    }

    @Test
    void push_whileTheWorkerWakesAndFallsAsleepAgain_isWorkedInEveryOrder() {
        Worker worker = new Worker(/* looksAgain= */ true);
        List<Step> sleeps = List.of(new Step("sleep", worker.session::sleep));
        List<Step> again = joined(List.of(new Step("wake", worker.session::awake)), worker.fallsAsleepAtOnce());

        List<List<Step>> orders = merged(again, pushes(Push.INSERT, "COMMIT")).stream()
                .map(order -> joined(sleeps, order))
                .toList();

        assertThat(lost(worker, orders, 1)).isEmpty();
    }

    /** Housekeeping removes who has not been seen for an hour. Until the worker registers again, its polls find what comes. */
    @Test
    void push_theSleeperWasRemovedAsDead_wakesNobodyAndIsFoundByTheNextClaim() {
        Worker worker = new Worker(/* looksAgain= */ true);
        worker.registerAtOnce();
        worker.goOn();
        database.execute(
                "UPDATE pg_queue_sleeper SET until = now() - interval '2 h' WHERE queue = '" + lanes.queue() + "'",
                Statements.queue("FORGET_SLEEPERS", lanes.queue()));

        pusher.push(1);
        assertThat(worker.session.woken()).isFalse();
        worker.claim();
        assertThat(worker.worked).hasSize(1);

        worker.session.sleep();
        pusher.push(1);
        assertThat(worker.session.woken()).isTrue();
    }

    @Test
    void look_whileATransactionRunsThatBeganBefore_mustBeRepeated() {
        Worker worker = new Worker(/* looksAgain= */ true);
        pusher.begin().push(1);
        worker.registerAtOnce();

        for (int look = 0; look < 3; look++) {
            assertThat(worker.look()).isFalse();
            worker.claim();
        }
        pusher.commit();

        worker.goOn();
        assertThat(worker.worked).hasSize(1);
        assertThat(worker.woken).isFalse();
    }

    @Test
    void look_whileAPreparedTransactionIsThere_mustBeRepeated() {
        String gid = UUID.randomUUID().toString();
        Worker worker = new Worker(/* looksAgain= */ true);
        pusher.begin().push(1);
        pusher.execute("PREPARE TRANSACTION '" + gid + "'");
        worker.registerAtOnce();
        worker.claim();
        assertThat(worker.look()).isFalse();

        second.execute("COMMIT PREPARED '" + gid + "'");

        worker.goOn();
        assertThat(worker.worked).hasSize(1);
    }

    @Test
    void look_jobOfTheRowLaneThatIsCommittedLongAfterItWasDue_tellsOfIt() {
        pusher.push(1);
        second.claim(1);
        assertThat(second.look().overdue()).isFalse();
        pusher.begin()
                .execute("INSERT INTO queue_%s (payload, run_at) VALUES ('1', now() - interval '1 h')"
                        .formatted(lanes.queue()));
        assertThat(second.look().overdue()).isFalse();

        pusher.commit();

        assertThat(second.look().overdue()).isTrue();
        assertThat(second.pop(10)).hasSize(1);
        assertThat(second.look().overdue()).isFalse();
    }

    /** The orders in which a job was left. */
    private List<List<Step>> lost(Worker worker, List<List<Step>> orders, int jobs) {
        List<List<Step>> lost = new ArrayList<>();
        for (List<Step> order : orders) {
            run(order);
            worker.goOn();
            if (worker.worked.size() != jobs) {
                lost.add(order);
                worker.claim();
            }
            assertThat(worker.worked).as("jobs pushed by %s", order).hasSize(jobs);
            worker.forget();
        }
        return lost;
    }

    private static void run(List<Step> order) {
        order.forEach(step -> step.action().run());
    }

    private List<Step> pushes(Push push, String end) {
        String order = "INSERT INTO order_" + lanes.queue() + " VALUES (%s)";
        Step ends = new Step(end, () -> pusher.execute(end));
        return switch (push) {
            case INSERT -> List.of(new Step("insert", () -> pusher.begin().push(1)), ends);
            case TWO_INSERTS ->
                List.of(
                        new Step("insert", () -> pusher.begin().push(1)),
                        new Step("insert", () -> pusher.push(1)),
                        ends);
            case AFTER_A_SAVEPOINT ->
                List.of(
                        new Step(
                                "undone insert",
                                () -> pusher.begin().execute("SAVEPOINT s").push(1)),
                        new Step("insert", () -> pusher.execute("ROLLBACK TO s").push(1)),
                        ends);
            case BY_TRIGGER -> List.of(new Step("order", () -> pusher.begin().execute(order.formatted(true))), ends);
            case BY_DEFERRED_TRIGGER ->
                List.of(new Step("order", () -> pusher.begin().execute(order.formatted(false))), ends);
            case QUIETLY ->
                List.of(new Step("insert", () -> asleep = pusher.begin().pushQuietly()), ends, new Step("wake", () -> {
                    if (asleep && end.equals("COMMIT")) {
                        pusher.wakeOthers();
                    }
                }));
        };
    }

    /** All orders of the steps of three sessions. */
    private static List<List<Step>> merged(List<Step> one, List<Step> other, List<Step> third) {
        return merged(other, third).stream()
                .flatMap(both -> merged(one, both).stream())
                .toList();
    }

    /** All orders of the steps of two sessions. */
    private static List<List<Step>> merged(List<Step> one, List<Step> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return List.of(joined(one, other));
        }
        return Stream.concat(beginning(one, other), beginning(other, one)).toList();
    }

    /** Those that begin with the first step of the one. */
    private static Stream<List<Step>> beginning(List<Step> one, List<Step> other) {
        return merged(one.subList(1, one.size()), other).stream().map(rest -> joined(one.subList(0, 1), rest));
    }

    private static List<Step> joined(List<Step> first, List<Step> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }
}
