package io.github.pgqueue.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sweep takes what nobody names, and nothing else. */
@PgQueueTest
class SweepIT {

    private final Lanes lanes;
    private final Session worker;
    private final Session other;

    SweepIT(TestDatabase database) {
        this.lanes = new Lanes(database);
        this.worker = lanes.session();
        this.other = lanes.session();
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    @Test
    void sweep_jobsThatNobodyNames_goToTheRowLane() {
        worker.push(5);
        List<Held> lost = worker.claim(2);
        worker.claim(2);
        worker.execute("DELETE FROM pg_queue_lease_" + lanes.queue() + " WHERE id = "
                + lost.get(0).lease());

        assertThat(other.sweep(1)).isEqualTo(2);

        assertThat(lanes.rows()).isEqualTo("1 2");
        assertThat(lanes.job(1, "attempt || ' ' || failures")).isEqualTo("1 0");
        assertThat(lanes.plain()).isEqualTo("3 4 5");
        assertThat(worker.complete(lost.get(0))).isFalse();
        assertThat(other.sweep(1_000)).isZero();
    }

    @Test
    void sweep_jobThatCameWithAnIdBelowTheCursor_goesToTheRowLane() {
        worker.push(3);
        List<Held> jobs = worker.claim(3);
        worker.completeAll(jobs);
        worker.closeLease(jobs.get(0));
        worker.execute("INSERT INTO queue_" + lanes.queue() + " (id, payload) VALUES (2, '1')");
        assertThat(worker.claim(10)).isEmpty();

        assertThat(other.sweep(1_000)).isEqualTo(1);

        assertThat(other.pop(10)).containsExactly(2L);
    }

    @Test
    void sweep_jobCommittedLate_isLeftToTheClaim() {
        worker.begin().push(1);
        other.push(1);
        other.claim(10);
        worker.commit();

        assertThat(other.sweep(1_000)).isZero();

        assertThat(Lanes.ids(other.claim(10))).containsExactly(1L);
    }

    @Test
    void sweep_lateJobOfAWideGap_isLeftToTheClaim() {
        worker.begin().push(10_001);
        other.push(1);
        other.claim(1);
        worker.commit();
        assertThat(lanes.wideGaps()).isEqualTo("{[1,10002)}");

        assertThat(other.sweep(1_000)).isZero();
    }

    @Test
    void sweep_whileAClaimIsUncommitted_leavesItsJobs() {
        worker.push(2);
        worker.begin();
        List<Held> jobs = worker.claim(2);

        assertThat(other.sweep(1_000)).isZero();
        worker.commit();

        assertThat(other.sweep(1_000)).isZero();
        assertThat(worker.completeAll(jobs)).hasSize(2);
    }

    @Test
    void sweep_whileACompletionIsUncommitted_leavesTheJob() {
        worker.push(1);
        Held job = worker.claim(1).get(0);
        worker.begin();
        worker.complete(job);

        assertThat(other.sweep(1_000)).isZero();
        worker.commit();

        assertThat(lanes.plain() + lanes.rows()).isEmpty();
    }

    @Test
    void sweep_jobThatNobodyNamesIsLocked_doesNotWait() {
        worker.push(1);
        Held job = worker.claim(1).get(0);
        worker.begin();
        worker.complete(job);
        other.execute("UPDATE pg_queue_lease_" + lanes.queue() + " SET jobs = '{}'");

        assertThat(other.sweep(1_000)).isZero();
        worker.rollback();

        assertThat(other.sweep(1_000)).isEqualTo(1);
    }
}
