package io.github.pgqueue.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemandTest {

    private static final int CONCURRENCY = 8;

    private long now;
    private final Demand demand = new Demand(CONCURRENCY, now);

    /** Claims all that is wanted, from a database that takes so long for it, for threads that are free. */
    private int claim(Duration work, Duration answer) {
        now += work.toNanos();
        int wanted = demand.wanted(CONCURRENCY, 0);
        long asked = now;
        now += answer.toNanos();
        demand.claimed(wanted, wanted, asked, now);
        return wanted;
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

        assertThat(claimTimes(10, Duration.ofMillis(20), Duration.ofMillis(1))).isGreaterThan(200);
    }

    /** Else it would be asked the more often, for fewer jobs each time. */
    @Test
    void wanted_quickJobsOfASlowDatabase_growsAllTheSame() {
        assertThat(claimTimes(11, Duration.ofMillis(20), Duration.ofSeconds(1))).isGreaterThan(200);
    }

    @Test
    void wanted_slowJobs_shrinksToWhatCanBegin() {
        claimTimes(10, Duration.ofMillis(20), Duration.ofMillis(1));

        assertThat(claimTimes(12, Duration.ofMillis(400), Duration.ofMillis(1))).isEqualTo(CONCURRENCY);
    }

    @Test
    void wanted_noMoreJobs_isWhatCanBegin() {
        claimTimes(10, Duration.ofMillis(20), Duration.ofMillis(1));

        demand.claimed(500, 0, now, now);

        assertThat(demand.wanted(CONCURRENCY, 0)).isEqualTo(CONCURRENCY);
    }
}
