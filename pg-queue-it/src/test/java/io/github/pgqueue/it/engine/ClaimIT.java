package io.github.pgqueue.it.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.Login;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.Roles;
import io.github.pgqueue.it.support.TestDatabase;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Claims of the plain lane: by two at once, in the wrong transaction, and over tables that somebody has changed. */
@PgQueueTest
class ClaimIT {

    private final TestDatabase database;
    private final Lanes lanes;
    private final Session one;
    private final Session two;

    ClaimIT(TestDatabase database) {
        this.database = database;
        this.lanes = new Lanes(database);
        this.one = lanes.session();
        this.two = lanes.session();
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    @Test
    void claim_byTwo_theSecondWaitsAndTakesOthers() {
        one.push(3);
        one.begin();
        assertThat(Lanes.ids(one.claim(2))).containsExactly(1L, 2L);

        InBackground<List<Held>> second = two.blocked(session -> session.claim(2));
        one.commit();

        assertThat(Lanes.ids(second.result())).containsExactly(3L);
        assertThat(lanes.leases()).isEqualTo("{[1,3)} {[3,4)}");
    }

    @Test
    void claim_firstOfTwoIsRolledBack_theSecondTakesTheSame() {
        one.push(2);
        one.begin();
        one.claim(2);

        InBackground<List<Held>> second = two.blocked(session -> session.claim(2));
        one.rollback();

        assertThat(Lanes.ids(second.result())).containsExactly(1L, 2L);
    }

    @Test
    void claim_jobIsCommittedWhileItWaits_takesItToo() {
        one.push(1);
        one.begin();
        one.claim(1);
        InBackground<List<Held>> second = two.blocked(session -> session.claim(2));

        lanes.session().push(1);
        one.commit();

        assertThat(Lanes.ids(second.result())).containsExactly(2L);
    }

    @Test
    void claim_inRepeatableRead_isRefused() {
        one.push(1);
        one.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");

        assertThatThrownBy(() -> one.claim(1)).hasMessageContaining("PGQ6007: ").hasMessageContaining("READ COMMITTED");
    }

    @Test
    void claim_inATransactionThatHasWritten_isRefused() {
        one.begin().push(1);

        assertThatThrownBy(() -> one.claim(1)).hasMessageContaining("PGQ6007: ").hasMessageContaining("has written");
    }

    @Test
    void claim_nothingThere_writesNothing() {
        one.push(1);
        one.claim(1);
        two.begin();

        assertThat(two.claim(1)).isEmpty();

        assertThat(database.text("SELECT backend_xid FROM pg_stat_activity WHERE pid = " + two.pid()))
                .isEqualTo("null");
    }

    @Test
    void claim_isNotWaitedForToBeDurable_andOnlyItself() {
        two.push(1);
        two.begin();
        two.claim(1);

        two.execute("SELECT 1 / (current_setting('synchronous_commit') = 'off')::int")
                .commit();

        two.execute("SELECT 1 / (current_setting('synchronous_commit') = 'on')::int");
    }

    @Test
    void claim_again_removesTheLeaseBeforeIfItIsOver() {
        one.push(3);
        Held first = one.claim(1).get(0);
        assertThat(one.complete(first)).isTrue();
        assertThat(one.closeLease(first)).isTrue();
        assertThat(lanes.leases()).isEqualTo("{}");

        one.claim(1);

        assertThat(lanes.leases()).isEqualTo("{[2,3)}");
    }

    @Test
    void claim_moreRowsOfTheRowLaneThanAClaimPasses_goesOnBehindThem() {
        one.pushDelayed(12_000);
        one.push(1);

        assertThat(one.claim(1)).isEmpty();
        assertThat(Lanes.ids(one.claim(1))).containsExactly(12_001L);
    }

    @Test
    void claim_aHundredTimes_raisesTheMark_andKeepsItBelowALiveLease() {
        one.push(330);
        Held done = one.claim(1).get(0);
        assertThat(one.complete(done)).isTrue();
        one.claim(1);
        one.closeLease(done);
        for (int i = 0; i < 150; i++) {
            one.claim(1);
        }
        assertThat(lanes.cursor("oldest")).isEqualTo("3");
        one.completeAll(one.claim(10));

        assertThat(one.takeOver(one.node()).moved()).isEqualTo(100);
        assertThat(one.takeOver(one.node()).moved()).isEqualTo(51);
        for (int i = 0; i < 100; i++) {
            one.claim(1);
        }

        assertThat(Long.parseLong(lanes.cursor("oldest"))).isGreaterThan(100);
    }

    @Test
    void claim_pushesOfSomebodyWhoMayOnlyInsert_areGaplessAndSeen() {
        try (Roles roles = new Roles(database)) {
            Login producer = roles.login();
            database.execute(
                    "GRANT INSERT (payload) ON queue_" + lanes.queue() + " TO " + producer.name(),
                    "GRANT USAGE ON SEQUENCE pg_queue_id_" + lanes.queue() + " TO " + producer.name());
            Session pushing = lanes.session(producer.on(database));
            pushing.begin().execute("INSERT INTO queue_" + lanes.queue() + " (payload) VALUES ('1'), ('2')");
            one.push(1);
            assertThat(Lanes.ids(one.claim(10))).containsExactly(3L);

            pushing.commit().close();

            assertThat(Lanes.ids(one.claim(10))).containsExactly(1L, 2L);
        }
    }

    @Test
    void claim_rowsThatCameWithTheirIds_newIdsComeBehindThem() {
        one.execute("INSERT INTO queue_%s (id, payload) SELECT n, '1' FROM generate_series(1, 20) AS n"
                .formatted(lanes.queue()));

        assertThat(Lanes.ids(one.claim(50)))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 20).boxed().toList());

        assertThat(one.push(1)).containsExactly(21L);
        assertThat(Lanes.ids(one.claim(50))).containsExactly(21L);
    }

    @Test
    void resetCursor_afterTruncateRestartIdentity_findsTheNewJobsAndRefusesTheOld() {
        one.push(10);
        List<Held> old = one.claim(10);
        one.execute("TRUNCATE queue_" + lanes.queue() + " RESTART IDENTITY");
        two.begin().push(1);
        one.push(2);
        assertThat(one.claim(10)).isEmpty();

        assertThat(one.resetCursor()).isTrue();

        List<Held> fresh = one.claim(10);
        assertThat(Lanes.ids(fresh)).containsExactly(2L, 3L);
        assertThat(one.complete(old.get(1))).isFalse();
        two.commit();
        lanes.awaitLook();
        assertThat(Lanes.ids(one.claim(10))).containsExactly(1L);
        assertThat(one.push(1)).containsExactly(11L);
        assertThat(Lanes.ids(one.claim(10))).containsExactly(11L);
        assertThat(one.resetCursor()).isFalse();
    }

    @Test
    void claim_leasesWereDeletedByHand_beginsAnew() {
        one.push(2);
        Held old = one.claim(1).get(0);
        one.execute("DELETE FROM pg_queue_lease_" + lanes.queue());

        assertThat(Lanes.ids(one.claim(2))).containsExactly(1L, 2L);

        assertThat(one.complete(old)).isFalse();
    }
}
