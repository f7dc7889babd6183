package io.github.pgqueue.it.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.soak.Findings.Finding;
import io.github.pgqueue.it.soak.Findings.Wrong;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.shop.database.EmbeddedServer;
import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The soak, and its controls, which it must catch. Read the description of the package first. */
class SoakIT {

    private static final Duration DURATION = Duration.parse(System.getProperty("soak.duration", "PT60S"));
    private static final Duration EVER = Duration.ofDays(1);
    private static final Duration LATE = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int MOST_PRINTED = 50;
    private static final int HANDS = 4;
    private static final int LATE_COMMITS = 20;
    private static final long SEED = 1;

    private static EmbeddedServer ownServer() {
        String choice = System.getProperty("pg", "embedded");
        assumeTrue(
                choice.isEmpty() || choice.equals("embedded"),
                "only an embedded PostgreSQL can be crashed; this run has -Dpg=" + choice);
        assumeTrue(File.separatorChar == '/', "processes cannot be frozen on this system");
        return EmbeddedServer.start(null, Map.of("track_commit_timestamp", "on"));
    }

    @Test
    void everyFault_againAndAgain_losesNothingDoublesNothingAndInventsNothing() throws InterruptedException {
        long seed = Long.getLong("soak.seed", System.nanoTime());
        print("soak of " + DURATION + ", -Dsoak.seed=" + seed);
        try (EmbeddedServer server = ownServer();
                TestDatabase database = TestDatabase.installedIn(server.database())) {
            Ledger ledger = Ledger.create(database);
            Tally tally = new Tally();
            Producers producers = soak(server, database, ledger, tally, seed);

            Findings findings = ledger.findings();
            Set<Finding> wrongs = findings.wrongs(producers.acknowledged(), producers.undone());
            print(producers, findings, wrongs, ledger, tally);
            if (!ledger.rows().isEmpty()) {
                Stream.concat(ledger.rows().stream().limit(MOST_PRINTED), ledger.leases().stream())
                        .forEach(System.out::println);
            }
            assertThat(wrongs).isEmpty();
            assertThat(tally.missing()).as("what has not happened").isEmpty();
        }
    }

    /** Until everything is done that is to be done. */
    private static Producers soak(EmbeddedServer server, TestDatabase database, Ledger ledger, Tally tally, long seed)
            throws InterruptedException {
        try (PreparedTransactions prepared = new PreparedTransactions(database.dataSource(), tally);
                Nodes nodes = new Nodes(database, tally)) {
            print("all nodes work");
            Producers producers = new Producers(database.dataSource(), tally, seed);
            try (producers;
                    Faults faults = new Faults(nodes, server, database.dataSource(), tally, seed)) {
                faults.happen(DURATION);
            }
            print("the faults are over, the rest is worked off");
            ledger.awaitDone();
            prepared.awaitNone();
            ledger.awaitDone();
            print("nothing happens any more");
            return producers;
        }
    }

    private static void print(String what) {
        System.out.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + what);
    }

    private static void print(Producers producers, Findings findings, Set<Finding> wrongs, Ledger ledger, Tally tally) {
        System.out.println(producers.acknowledged().size() + " pushes acknowledged, "
                + findings.pushed().size() + " there, " + producers.undone().size() + " undone");
        findings.done()
                .forEach((way, done) -> System.out.println(way.queue() + ": "
                        + done.effects().size() + " effects, " + done.ends().size() + " ends"));
        tally.counts().forEach((event, count) -> System.out.println(event + " " + count));
        for (Wrong wrong : Wrong.values()) {
            System.out.println(wrong + " " + count(wrongs, wrong));
        }
        System.out.println(
                "commit to start, committed at once: " + ledger.delay(/* prepared= */ false, Duration.ZERO, LATE));
        System.out.println("commit to start, committed late: " + ledger.delay(/* prepared= */ false, LATE, EVER));
        System.out.println(
                "commit to start, prepared before: " + ledger.delay(/* prepared= */ true, Duration.ZERO, EVER));
    }

    @Test
    void control_completionWithoutAFence_isCaught() {
        Tally tally = new Tally();
        try (TestDatabase database = TestDatabase.create();
                PreparedTransactions prepared = new PreparedTransactions(database.dataSource(), tally)) {
            Ledger ledger = Ledger.create(database);
            try (PgQueueManager manager = PgQueueManager.builder(database.dataSource())
                            .config(Node.config())
                            .build();
                    Threads hands = new Threads();
                    Producers producers = new Producers(database.dataSource(), tally, SEED)) {
                for (int number = 0; number < HANDS; number++) {
                    hands.start("unfenced hand", unfenced(manager, database, tally, hands.span(), number)::run);
                }

                Awaitility.await("finding of what was done twice")
                        .atMost(PATIENCE)
                        .until(() -> count(wrongs(ledger, producers), Wrong.DOUBLED) > 0);
            }
            prepared.awaitNone();
        }
    }

    private static Hand unfenced(PgQueueManager manager, TestDatabase database, Tally tally, Span span, int number) {
        return new Hand(
                manager.queue(Way.BY_HAND.queue(), String.class),
                database.dataSource(),
                Completion.unfenced(),
                tally,
                span,
                new Random(SEED + number));
    }

    @Test
    void control_cursorThatOverlooksLateCommits_isCaught() {
        Tally tally = new Tally();
        try (TestDatabase database = TestDatabase.create();
                PreparedTransactions prepared = new PreparedTransactions(database.dataSource(), tally);
                Threads consumer = new Threads()) {
            Ledger ledger = Ledger.create(database);
            consumer.start("cursor", new BlindCursor(database.dataSource(), consumer.span())::run);
            Producers producers = new Producers(database.dataSource(), tally, SEED);
            try (producers) {
                Awaitility.await("late commits")
                        .atMost(PATIENCE)
                        .until(() -> tally.of(Event.PUSH_COMMITTED_LATE) >= LATE_COMMITS);
            }
            prepared.awaitNone();
            database.execute(SoakSql.PUSH_LAST);
            database.await(SoakSql.LAST_EFFECTS, 1);

            assertThat(wrongs(ledger, producers)).anyMatch(SoakIT::isLostByHand);
        }
    }

    private static boolean isLostByHand(Finding finding) {
        return finding.wrong() == Wrong.LOST && finding.what().startsWith(Way.BY_HAND.queue());
    }

    private static long count(Set<Finding> wrongs, Wrong wrong) {
        return wrongs.stream().filter(finding -> finding.wrong() == wrong).count();
    }

    private static Set<Finding> wrongs(Ledger ledger, Producers producers) {
        return ledger.findings().wrongs(producers.acknowledged(), producers.undone());
    }
}
