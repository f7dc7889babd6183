package io.github.pgqueue.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.engine.Session.TakenOver;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.Login;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.Roles;
import io.github.pgqueue.it.support.TestDatabase;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The jobs of leases that ended, of nodes that died, and of claims whose answer was lost. */
@PgQueueTest
class TakeOverIT {

    private final TestDatabase database;
    private final Roles roles;
    private final Lanes lanes;
    private final Session worker;
    private final Session other;

    TakeOverIT(TestDatabase database) {
        this.database = database;
        this.roles = new Roles(database);
        this.lanes = new Lanes(database);
        this.worker = lanes.session();
        this.other = lanes.session();
    }

    @AfterEach
    void close() {
        lanes.close();
        roles.close();
    }

    @Test
    void takeOver_leaseHasEnded_movesItsJobsAndRemovesIt() {
        worker.push(4);
        List<Held> jobs = worker.claimForNoTime(3);
        worker.complete(jobs.get(1));
        worker.claim(1);

        assertThat(other.takeOver()).isEqualTo(new TakenOver(2, 0));

        assertThat(lanes.rows()).isEqualTo("1 3");
        assertThat(lanes.job(1, "attempt || ' ' || failures || ' ' || (leased_until IS NULL)"))
                .isEqualTo("1 0 true");
        assertThat(lanes.leases()).isEqualTo("{[4,5)}");
        assertThat(other.takeOver()).isEqualTo(new TakenOver(0, 0));
    }

    @Test
    void takeOver_newestLease_isEmptiedAndStaysTheCursor() {
        worker.push(2);
        worker.claimForNoTime(2);

        assertThat(other.takeOver().moved()).isEqualTo(2);

        assertThat(lanes.leases()).isEqualTo("{}");
        assertThat(lanes.cursor("last_id")).isEqualTo("2");
        assertThat(other.takeOver().moved()).isZero();
    }

    @Test
    void takeOver_leaseHasNotEnded_leavesIt() {
        worker.push(1);
        worker.claim(1);

        assertThat(other.takeOver(other.node()).moved()).isZero();

        assertThat(lanes.plain()).isEqualTo("1");
    }

    @Test
    void takeOver_ofADeadNode_takesWhatOnlyThatOneHolds() {
        worker.push(3);
        worker.claim(1);
        other.claim(1);
        worker.claim(1);

        assertThat(other.takeOver(worker.node()).moved()).isEqualTo(2);

        assertThat(lanes.rows()).isEqualTo("1 3");
        assertThat(lanes.plain()).isEqualTo("2");
    }

    @Test
    void takeOver_allJobsHadBegun_theirAttemptsAreLost() {
        worker.push(1);
        assertThat(worker.claim(1, 1, 60)).hasSize(1);

        other.takeOver(worker.node());

        assertThat(other.pop(1)).containsExactly(1L);
        assertThat(lanes.job(1, "attempt || ' ' || failures")).isEqualTo("2 1");
    }

    @Test
    void takeOver_completionIsUncommitted_keepsThatJobAlone() {
        worker.push(4);
        List<Held> jobs = worker.claimForNoTime(3);
        other.claim(1);
        worker.begin();
        assertThat(worker.complete(jobs.get(1))).isTrue();

        assertThat(other.takeOver()).isEqualTo(new TakenOver(2, 1));

        assertThat(lanes.rows()).isEqualTo("1 3");
        assertThat(lanes.leases()).isEqualTo("{[2,3)} {[4,5)}");
        worker.commit();
        assertThat(lanes.plain()).isEqualTo("4");
        assertThat(other.takeOver()).isEqualTo(new TakenOver(0, 0));
        assertThat(lanes.leases()).isEqualTo("{[4,5)}");
    }

    @Test
    void takeOver_transactionIsRolledBackLater_movesThatJobThen() {
        worker.push(1);
        Held job = worker.claimForNoTime(1).get(0);
        worker.begin();
        assertThat(worker.complete(job)).isTrue();
        assertThat(other.takeOver()).isEqualTo(new TakenOver(0, 1));

        worker.rollback();

        assertThat(other.takeOver()).isEqualTo(new TakenOver(1, 0));
        assertThat(worker.complete(job)).isFalse();
    }

    @Test
    void takeOver_jobIsLocked_itsTransactionStillCompletesIt() {
        worker.push(2);
        List<Held> jobs = worker.claimForNoTime(2);
        worker.begin();
        assertThat(worker.complete(jobs.get(0))).isTrue();
        other.takeOver();

        assertThat(worker.complete(jobs.get(1))).isFalse();
        worker.commit();

        assertThat(lanes.plain()).isEmpty();
        assertThat(lanes.rows()).isEqualTo("2");
    }

    @Test
    void takeOver_byTwo_eachJobIsMovedOnce() {
        worker.push(2);
        worker.claimForNoTime(2);
        worker.begin();
        assertThat(worker.takeOver()).isEqualTo(new TakenOver(2, 0));

        assertThat(other.takeOver()).isEqualTo(new TakenOver(0, 0));
        worker.commit();

        assertThat(lanes.job(1, "attempt")).isEqualTo("1");
    }

    @Test
    void takeOver_whileARenewalIsUncommitted_leavesTheLease() {
        worker.push(1);
        List<Held> jobs = worker.claimForNoTime(1);
        worker.begin();
        assertThat(worker.renew(jobs)).isEmpty();

        assertThat(other.takeOver()).isEqualTo(new TakenOver(0, 0));
        worker.commit();

        assertThat(other.takeOver()).isEqualTo(new TakenOver(0, 0));
        assertThat(worker.complete(jobs.get(0))).isTrue();
    }

    @Test
    void renew_whileATakeoverIsUncommitted_waitsAndTellsWhatIsLost() {
        worker.push(3);
        List<Held> jobs = worker.claimForNoTime(2);
        List<Held> next = worker.claim(1);
        other.begin();
        other.takeOver();

        InBackground<List<Long>> lost =
                worker.blocked(session -> session.renew(List.of(jobs.get(0), jobs.get(1), next.get(0))));
        other.commit();

        assertThat(lost.result()).containsExactlyInAnyOrder(1L, 2L);
        assertThat(worker.complete(next.get(0))).isTrue();
    }

    @Test
    void renew_someJobsWereTakenOver_tellsThemAndKeepsTheOthers() {
        worker.push(3);
        List<Held> jobs = worker.claimForNoTime(3);
        Session transaction = lanes.session();
        transaction.begin();
        transaction.complete(jobs.get(1));
        other.takeOver();

        assertThat(worker.renew(jobs)).containsExactlyInAnyOrder(1L, 3L);

        assertThat(lanes.leases()).isEqualTo("{[2,3)}");
        assertThat(lanes.cursor("until > clock_timestamp()")).isEqualTo("t");
    }

    @Test
    void renew_leaseOfAnotherToken_isLost() {
        worker.push(1);
        Held job = worker.claimForNoTime(1).get(0);

        assertThat(worker.renew(List.of(job.withToken(UUID.randomUUID())))).containsExactly(1L);

        assertThat(lanes.cursor("until < clock_timestamp()")).isEqualTo("t");
    }

    @Test
    void renew_jobIsNotNamed_isGivenBack() {
        worker.push(4);
        List<Held> jobs = worker.claim(4);
        worker.complete(jobs.get(3));

        assertThat(worker.renew(List.of(jobs.get(0), jobs.get(2)))).isEmpty();

        assertThat(lanes.rows()).isEqualTo("2");
        assertThat(lanes.job(2, "attempt || ' ' || failures")).isEqualTo("1 0");
        assertThat(lanes.leases()).isEqualTo("{[1,2),[3,4)}");
        assertThat(worker.complete(jobs.get(1))).isFalse();
    }

    @Test
    void renew_jobIsNotNamedButLocked_staysWithTheLease() {
        worker.push(2);
        List<Held> jobs = worker.claim(2);
        other.begin();
        other.complete(jobs.get(1));

        worker.renew(jobs.subList(0, 1));

        assertThat(lanes.leases()).isEqualTo("{[1,3)}");
        other.rollback();
        assertThat(worker.complete(jobs.get(1))).isTrue();
    }

    @Test
    void holders_leaseHasEnded_namesTheSessionUntilItsTransactionEnds() {
        worker.push(2);
        Held job = worker.claimForNoTime(1).get(0);
        Held next = other.claim(1).get(0);
        worker.begin();
        worker.complete(job);
        other.begin();
        other.complete(next);
        Session third = lanes.session();

        assertThat(third.holders()).containsExactly(worker.pid());
        worker.rollback();

        assertThat(third.holders()).isEmpty();
    }

    @Test
    void terminateHolders_sessionsOfEitherRole_endsThoseOfItsOwnOnly() {
        Session stranger = lanes.session(stranger());
        worker.push(2);
        Held job = worker.claimForNoTime(1).get(0);
        Held next = stranger.claimForNoTime(1).get(0);
        worker.begin();
        worker.complete(job);
        stranger.begin();
        stranger.complete(next);

        assertThat(other.terminateHolders()).containsExactly(worker.pid());

        assertThat(stranger.isAlive()).isTrue();
        worker.awaitEnd();
        assertThat(other.takeOver()).isEqualTo(new TakenOver(1, 1));
    }

    @Test
    void terminateHolders_ofTheRowLane_sparesStrangersAndThoseThatGoOn() {
        Session stranger = lanes.session(stranger());
        Session goingOn = lanes.session();
        Session pusher = lanes.session();
        for (Session session : List.of(stranger, goingOn, worker)) {
            long id = session.claimRowForNoTime();
            session.begin();
            session.lock(id);
            if (session == goingOn) {
                other.hold(60, id);
            }
        }
        pusher.begin().push(1);

        assertThat(other.terminateRowHolders()).containsExactly(worker.pid());

        worker.awaitEnd();
        assertThat(List.of(stranger, goingOn, pusher)).allMatch(Session::isAlive);
        assertThat(other.pop(10)).hasSize(1);
    }

    @Test
    void terminateHolders_jobThatIsNoLongerSaidToBeWorked_endsItsSession() {
        long id = worker.claimRowForNoTime();
        worker.begin();
        worker.lock(id);
        other.hold(60, id);
        assertThat(other.terminateRowHolders()).isEmpty();

        other.hold(0, id);

        assertThat(other.terminateRowHolders()).containsExactly(worker.pid());
    }

    /** Another role, which may do to the queue what the owner may. */
    private DataSource stranger() {
        Login login = roles.login();
        for (String objects : List.of("TABLES", "SEQUENCES", "FUNCTIONS")) {
            database.execute("GRANT ALL ON ALL " + objects + " IN SCHEMA public TO " + login.name());
        }
        return login.on(database);
    }

    @Test
    void holders_preparedTransaction_isNamedByNobodyAndKeepsItsJob() {
        String gid = UUID.randomUUID().toString();
        worker.push(1);
        Held job = worker.claimForNoTime(1).get(0);
        worker.begin();
        worker.complete(job);
        worker.execute("PREPARE TRANSACTION '" + gid + "'");

        assertThat(other.holders()).isEmpty();
        assertThat(other.takeOver()).isEqualTo(new TakenOver(0, 1));
        other.execute("COMMIT PREPARED '" + gid + "'");

        assertThat(lanes.plain() + lanes.rows()).isEmpty();
        assertThat(other.takeOver()).isEqualTo(new TakenOver(0, 0));
        assertThat(lanes.leases()).isEqualTo("{}");
        assertThat(database.text("SELECT count(*) FROM pg_prepared_xacts WHERE gid = '" + gid + "'"))
                .isEqualTo("0");
    }
}
