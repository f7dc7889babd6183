package io.github.pgqueue.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemandTest {

    private static final int CONCURRENCY = 8;
    private static final int SMALL = 100;

    private long now;
    private final Demand demand = new Demand(CONCURRENCY, now);

    /** Claims all that is wanted, from a database that takes so long for it, for threads that are free. */
    private int claim(Duration work, Duration answer) {
        now += work.toNanos();
        int wanted = demand.wanted(CONCURRENCY, 0);
        claim(wanted, wanted, SMALL, answer);
        return wanted;
    }

    private void claim(int wanted, int found, int characters, Duration answer) {
        long asked = now;
        now += answer.toNanos();
        demand.claimed(wanted, found, (long) found * characters, asked, now);
    }

    private int claimTimes(int claims, Duration work, Duration answer) {
        int wanted = 0;
        for (int claim = 0; claim < claims; claim++) {
            wanted = claim(work, answer);
        }
        return wanted;
    }

    @Test
    void wanted_quickJobs_growsToHundreds() {
        assertThat(claim(Duration.ZERO, Duration.ofMillis(1))).isEqualTo(CONCURRENCY);

        assertThat(claimTimes(10, Duration.ofMillis(20), Duration.ofMillis(1))).isGreaterThan(500);
    }

    /** Else it would be asked the more often, for fewer jobs each time. */
    @Test
    void wanted_quickJobsOfASlowDatabase_growsAllTheSame() {
        assertThat(claimTimes(11, Duration.ofMillis(20), Duration.ofSeconds(1))).isGreaterThan(500);
    }

    @Test
    void wanted_slowJobs_shrinksToWhatCanBegin() {
        claimTimes(10, Duration.ofMillis(20), Duration.ofMillis(1));

        assertThat(claimTimes(12, Duration.ofMillis(400), Duration.ofMillis(1))).isEqualTo(CONCURRENCY);
    }

    @Test
    void wanted_noMoreJobs_isWhatCanBegin() {
        claimTimes(10, Duration.ofMillis(20), Duration.ofMillis(1));

        claim(500, 0, SMALL, Duration.ZERO);

        assertThat(demand.wanted(CONCURRENCY, 0)).isEqualTo(CONCURRENCY);
    }

    /** Some more than there are threads, all the time: one claim takes them. */
    @Test
    void wanted_jobsThatKeepComing_staysAboveThem() {
        claimTimes(2, Duration.ofMillis(1), Duration.ofMillis(1));
        int wanted = demand.wanted(CONCURRENCY, 0);

        for (int turn = 0; turn < 10; turn++) {
            claim(wanted, wanted - 1, SMALL, Duration.ofMillis(1));
        }

        assertThat(demand.wanted(CONCURRENCY, 0)).isEqualTo(wanted).isGreaterThan(CONCURRENCY);
    }

    @Test
    void wanted_largePayloads_fitIntoMemory() {
        for (int turn = 0; turn < 12; turn++) {
            int wanted = demand.wanted(CONCURRENCY, 0);
            claim(wanted, wanted, 1 << 20, Duration.ofMillis(1));
        }

        assertThat(demand.wanted(CONCURRENCY, 0)).isBetween(CONCURRENCY, 3 * CONCURRENCY);
    }
}
