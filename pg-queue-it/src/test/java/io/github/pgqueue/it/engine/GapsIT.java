package io.github.pgqueue.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that are committed late, below the cursor. */
@PgQueueTest
class GapsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase database;
    private final Lanes lanes;
    private final Session late;
    private final Session early;
    private final Session claimer;

    GapsIT(TestDatabase database) {
        this.database = database;
        this.lanes = new Lanes(database);
        this.late = lanes.session();
        this.early = lanes.session();
        this.claimer = lanes.session();
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    @Test
    void claim_jobCommittedBelowTheCursor_takesItNext() {
        late.begin().push(2);
        early.push(1);
        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(3L);
        assertThat(lanes.gaps()).isEqualTo("{[1,3)}");

        late.commit();

        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(1L, 2L);
        assertThat(lanes.gaps()).isEqualTo("{}");
        assertThat(claimer.claim(10)).isEmpty();
    }

    @Test
    void claim_lateTransactionBeganAfterAllThatEnded_keepsItsGap() {
        early.begin().execute("SELECT pg_current_xact_id()");
        late.begin().push(1);
        early.push(1);
        early.commit();
        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(2L);
        early.push(1);
        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(3L);
        early.push(1);
        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(4L);

        late.commit();

        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(1L);
    }

    @Test
    void claim_gapThatWasFoundLater_waitsForItsOwnTransactions() {
        late.begin().push(1);
        early.push(1);
        claimer.claim(10);
        Session later = lanes.session();
        later.begin().push(1);
        early.push(1);
        claimer.claim(10);
        late.rollback();
        awaitGaps("{[3,4)}");
        claimer.claim(10);
        early.push(1);
        claimer.claim(10);

        later.commit();

        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(3L);
    }

    @Test
    void claim_jobRolledBack_forgetsItsGap() {
        late.begin().push(3);
        early.push(1);
        claimer.claim(10);
        assertThat(lanes.gaps()).isEqualTo("{[1,4)}");

        late.rollback();

        awaitGaps("{}");
        assertThat(lanes.plain()).isEqualTo("4");
    }

    @Test
    void claim_preparedTransaction_keepsItsGapUntilItEnds() {
        String gid = UUID.randomUUID().toString();
        late.begin().push(1);
        late.execute("PREPARE TRANSACTION '" + gid + "'").close();
        for (long id = 2; id < 5; id++) {
            early.push(1);
            assertThat(Lanes.ids(claimer.claim(10))).containsExactly(id);
        }

        early.execute("COMMIT PREPARED '" + gid + "'");

        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(1L);
    }

    @Test
    void claim_idIsDrawnAndNothingIsWrittenYet_keepsItsGap() {
        database.execute(
                """
                CREATE OR REPLACE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF current_setting('it.stall', true) = 'on' THEN
                        PERFORM pg_advisory_xact_lock(77);
                    END IF;
                    RETURN NEW;
                END $$
                """,
                "CREATE TRIGGER stall BEFORE INSERT ON queue_" + lanes.queue()
                        + " FOR EACH ROW EXECUTE FUNCTION stall()");
        // The first of 32 ids is logged, and that assigns a transaction id anyway.
        early.push(1);
        claimer.claim(1);
        Session gate = lanes.session();
        gate.begin().execute("SELECT pg_advisory_xact_lock(77)");
        late.execute("SET it.stall = 'on'");
        InBackground<List<Long>> pushed = late.blocked(session -> session.push(1));
        for (long id = 3; id < 6; id++) {
            early.push(1);
            assertThat(Lanes.ids(claimer.claim(10))).containsExactly(id);
        }

        gate.commit();

        assertThat(pushed.result()).containsExactly(2L);
        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(2L);
    }

    @Test
    void claim_moreLateJobsThanWanted_takesThemAllInTurn() {
        late.begin().push(5);
        early.push(1);
        claimer.claim(10);

        late.commit();

        assertThat(Lanes.ids(claimer.claim(2))).containsExactly(1L, 2L);
        assertThat(Lanes.ids(claimer.claim(2))).containsExactly(3L, 4L);
        assertThat(Lanes.ids(claimer.claim(2))).containsExactly(5L);
    }

    @Test
    void claim_lateJobAndNewOnes_takesTheLateOneFirst() {
        late.begin().push(1);
        early.push(1);
        claimer.claim(10);

        late.commit();
        early.push(3);

        assertThat(Lanes.ids(claimer.claim(2))).containsExactly(1L, 3L);
        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(4L, 5L);
    }

    @Test
    void claim_jobsOfTheRowLaneBetween_areNoGaps() {
        early.push(1);
        early.pushDelayed(5);
        early.push(1);

        assertThat(Lanes.ids(claimer.claim(1))).containsExactly(1L);
        assertThat(Lanes.ids(claimer.claim(1))).containsExactly(7L);

        assertThat(lanes.gaps()).isEqualTo("{}");
        assertThat(lanes.leases()).contains("{[1,2)} {[7,8)}");
    }

    @Test
    void claim_gapBesideJobsOfTheRowLane_holdsItsIdsOnly() {
        early.pushDelayed(2);
        late.begin().push(1);
        early.pushDelayed(2);
        early.push(1);

        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(6L);

        assertThat(lanes.gaps()).isEqualTo("{[3,4)}");
    }

    @Test
    void claim_hundredThousandUncommittedJobs_isOneWideGapAndTakesEachOnce() {
        late.begin().push(100_000);
        early.push(1);
        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(100_001L);
        assertThat(lanes.wideGaps()).isEqualTo("{[1,100001)}");
        early.push(1);
        assertThat(Lanes.ids(claimer.claim(10))).containsExactly(100_002L);

        late.commit();

        assertThat(claimAll(100_000, 30_000))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 100_000).boxed().toList());
        awaitWideGaps("{}");
    }

    @Test
    void claim_thousandsOfIdsLostUnderAnOpenTransaction_keepsFewWideGapsAndTheLateJob() {
        late.begin().push(1);
        for (int round = 0; round < 4; round++) {
            pushEverySecondId(1_000);
            assertThat(claimer.claim(1_000)).hasSize(1_000);
        }
        assertThat(Long.parseLong(
                        database.text("SELECT count(*) FROM unnest('" + lanes.wideGaps() + "'::int8multirange)")))
                .isBetween(1L, 100L);
        assertThat(Long.parseLong(database.text("SELECT count(*) FROM unnest('" + lanes.gaps() + "'::int8multirange)")))
                .isLessThanOrEqualTo(200);

        late.commit();

        assertThat(claimAll(1, 10)).containsExactly(1L);
        awaitWideGaps("{}");
        assertThat(claimer.claim(10)).isEmpty();
    }

    @Test
    void claim_wideGapOverJobsThatAreHeldOrInTheRowLane_takesNoneOfThem() {
        late.begin().push(1);
        pushEverySecondId(500);
        List<Held> held = claimer.claim(1_000);
        assertThat(held).hasSize(500);
        assertThat(database.text("SELECT '" + lanes.wideGaps() + "'::int8multirange @> "
                        + held.get(250).id() + "::bigint"))
                .isEqualTo("t");
        assertThat(claimer.release(held.get(250))).isTrue();
        claimer.completeAll(held.subList(0, 250));
        claimer.renew(held.subList(251, 500));
        assertThat(lanes.cursor("jobs @> " + held.get(250).id() + "::bigint")).isEqualTo("f");

        late.commit();

        assertThat(claimAll(1, 1_000)).containsExactly(1L);
        assertThat(database.text("SELECT count(*) FROM pg_queue_lease_" + lanes.queue() + " WHERE jobs @> "
                        + held.get(250).id() + "::bigint"))
                .isEqualTo("0");
        awaitWideGaps("{}");
    }

    @Test
    void claim_wideGapWhoseTransactionIsOpen_isKept() {
        late.begin().push(20_000);
        early.push(1);
        claimer.claim(1);
        for (int look = 0; look < 2; look++) {
            lanes.awaitLook();
            claimer.claim(1);
            early.push(1);
            assertThat(claimer.claim(1)).hasSize(1);
        }

        assertThat(lanes.wideGaps()).isEqualTo("{[1,20001)}");
    }

    /** Draws two ids for each job. */
    private void pushEverySecondId(int jobs) {
        early.execute("""
                INSERT INTO queue_%1$s (payload)
                SELECT to_jsonb(nextval('pg_queue_id_%1$s'))
                FROM generate_series(1, %2$d)
                """.formatted(lanes.queue(), jobs));
    }

    /** Claims until so many have come. */
    private List<Long> claimAll(int jobs, int portion) {
        List<Long> taken = new ArrayList<>();
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            taken.addAll(Lanes.ids(claimer.claim(portion)));
            return taken.size() >= jobs;
        });
        return taken;
    }

    /** Other sessions of the server may be older than a gap for a moment: those of autovacuum. */
    private void awaitGaps(String gaps) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            claimer.claim(10);
            return lanes.gaps().equals(gaps);
        });
    }

    private void awaitWideGaps(String gaps) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            assertThat(claimer.claim(10)).isEmpty();
            return lanes.wideGaps().equals(gaps);
        });
    }
}
