package io.github.pgqueue.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may end a job: the attempt that holds it, as long as its lease names it; and the ends of leases. */
@PgQueueTest
class FenceIT {

    private final TestDatabase database;
    private final Lanes lanes;
    private final Session worker;
    private final Session other;

    FenceIT(TestDatabase database) {
        this.database = database;
        this.lanes = new Lanes(database);
        this.worker = lanes.session();
        this.other = lanes.session();
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    @Test
    void complete_byItsAttempt_succeedsOnce() {
        worker.push(1);
        Held job = worker.claim(1).get(0);

        assertThat(worker.complete(job)).isTrue();
        assertThat(worker.complete(job)).isFalse();
        assertThat(lanes.plain()).isEmpty();
    }

    @Test
    void everyEnd_byAnybodyElse_isRefused() {
        worker.push(2);
        Held job = worker.claim(1).get(0);
        Held next = worker.claim(1).get(0);
        List<Held> wrong = List.of(
                job.withAttempt(2),
                job.withAttempt(0),
                job.withToken(UUID.randomUUID()),
                job.withLease(next.lease()),
                job.withLease(next.lease()).withToken(next.token()),
                job.withLease(77));

        for (Held held : wrong) {
            assertThat(worker.complete(held)).isFalse();
            assertThat(worker.retry(held)).isFalse();
            assertThat(worker.bury(held)).isFalse();
            assertThat(worker.release(held)).isFalse();
        }
        // A lease gives each job one attempt only, whose number is not asked for.
        List<Held> wrongLease = wrong.subList(2, wrong.size());
        assertThat(worker.completeAll(wrongLease)).isEmpty();
        assertThat(worker.releaseAll(wrongLease)).isEmpty();

        assertThat(worker.complete(job)).isTrue();
        assertThat(database.number("SELECT count(*) FROM pg_queue_dead_letter WHERE queue = '" + lanes.queue() + "'"))
                .isZero();
    }

    @Test
    void completeAll_someLost_tellsTheOthers() {
        worker.push(3);
        List<Held> jobs = worker.claim(3);
        worker.release(jobs.get(1));

        assertThat(worker.completeAll(jobs)).containsExactlyInAnyOrder(1L, 3L);
    }

    @Test
    void retryAndRelease_countTheAttempt_andOnlyRetryTheFailure() {
        worker.push(3);
        List<Held> jobs = worker.claim(3);

        assertThat(worker.retry(jobs.get(0))).isTrue();
        assertThat(worker.release(jobs.get(1))).isTrue();
        assertThat(worker.releaseAll(jobs)).containsExactly(3L);

        assertThat(lanes.job(1, "attempt || ' ' || failures || ' ' || last_error || ' ' || (run_at > now())"))
                .isEqualTo("1 1 failed true");
        assertThat(lanes.job(2, "attempt || ' ' || failures || ' ' || (run_at > clock_timestamp())"))
                .isEqualTo("1 0 false");
        assertThat(lanes.plain()).isEmpty();
    }

    @Test
    void bury_keepsTheNumberOfTheAttempt() {
        worker.push(1);

        assertThat(worker.bury(worker.claim(1).get(0))).isTrue();

        assertThat(database.text(
                        "SELECT attempt || ' ' || failures || ' ' || error FROM pg_queue_dead_letter WHERE queue = '"
                                + lanes.queue() + "'"))
                .isEqualTo("1 1 failed for good");
        assertThat(lanes.plain() + lanes.rows()).isEmpty();
    }

    @Test
    void release_uncommitted_isNotPoppedBeforeItIsCommitted() {
        worker.push(1);
        Held job = worker.claim(1).get(0);
        worker.begin();
        assertThat(worker.release(job)).isTrue();

        assertThat(other.pop(1)).isEmpty();
        assertThat(other.claim(1)).isEmpty();
        worker.commit();

        assertThat(other.claim(1)).isEmpty();
        assertThat(other.pop(1)).containsExactly(1L);
        assertThat(worker.release(job)).isFalse();
        assertThat(worker.complete(job)).isFalse();
    }

    @Test
    void complete_whileATakeoverIsUncommitted_waitsAndIsRefused() {
        worker.push(1);
        Held job = worker.claimForNoTime(1).get(0);
        other.begin();
        assertThat(other.takeOver().moved()).isEqualTo(1);

        InBackground<Boolean> completed = worker.blocked(session -> session.complete(job));
        other.commit();

        assertThat(completed.result()).isFalse();
        assertThat(lanes.rows()).isEqualTo("1");
    }

    @Test
    void completeAll_whileATakeoverIsUncommitted_waitsAndIsRefused() {
        worker.push(1);
        List<Held> jobs = worker.claimForNoTime(1);
        other.begin();
        other.takeOver();

        InBackground<List<Long>> completed = worker.blocked(session -> session.completeAll(jobs));
        other.commit();

        assertThat(completed.result()).isEmpty();
        assertThat(lanes.rows()).isEqualTo("1");
    }

    @Test
    void complete_takeoverIsRolledBack_succeeds() {
        worker.push(1);
        Held job = worker.claimForNoTime(1).get(0);
        other.begin();
        other.takeOver();

        InBackground<Boolean> completed = worker.blocked(session -> session.complete(job));
        other.rollback();

        assertThat(completed.result()).isTrue();
    }

    @Test
    void complete_leaseHasEndedAndNobodyTookOver_succeeds() {
        worker.push(1);

        assertThat(worker.complete(worker.claimForNoTime(1).get(0))).isTrue();
    }

    @Test
    void closeLease_completionIsUncommitted_leavesIt() {
        worker.push(2);
        Held job = worker.claim(1).get(0);
        worker.claim(1);
        worker.begin();
        worker.complete(job);

        assertThat(other.closeLease(job)).isFalse();
        worker.rollback();

        assertThat(lanes.leases()).isEqualTo("{[1,2)} {[2,3)}");
        assertThat(worker.complete(job)).isTrue();
        assertThat(other.closeLease(job)).isTrue();
        assertThat(lanes.leases()).isEqualTo("{[2,3)}");
    }

    @Test
    void closeLease_someJobIsLeft_leavesIt() {
        worker.push(3);
        List<Held> jobs = worker.claim(3);
        worker.completeAll(jobs.subList(0, 2));

        assertThat(worker.closeLease(jobs.get(0))).isFalse();
        assertThat(worker.release(jobs.get(2))).isTrue();
        assertThat(worker.closeLease(jobs.get(0))).isTrue();

        assertThat(lanes.leases()).isEqualTo("{}");
        assertThat(lanes.cursor("last_id")).isEqualTo("3");
    }

    @Test
    void closeLease_anotherToken_leavesIt() {
        worker.push(1);
        Held job = worker.claim(1).get(0);
        worker.complete(job);

        assertThat(worker.closeLease(job.withToken(UUID.randomUUID()))).isFalse();
    }

    @Test
    void closeLease_whileARenewalHasIt_doesNotWait() {
        worker.push(1);
        List<Held> jobs = worker.claim(1);
        worker.begin();
        worker.renew(jobs);
        other.complete(jobs.get(0));

        assertThat(other.closeLease(jobs.get(0))).isFalse();
        worker.commit();

        assertThat(other.closeLease(jobs.get(0))).isTrue();
    }
}
