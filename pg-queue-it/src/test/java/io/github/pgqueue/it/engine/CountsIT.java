package io.github.pgqueue.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the statements that look at both lanes tell. */
@PgQueueTest
class CountsIT {

    private final TestDatabase database;
    private final Lanes lanes;
    private final Session worker;

    CountsIT(TestDatabase database) {
        this.database = database;
        this.lanes = new Lanes(database);
        this.worker = lanes.session();
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    @Test
    void stats_jobsOfBothLanes_areCountedOnce() {
        worker.push(10);
        worker.pushDelayed(3);
        worker.claim(2);
        worker.releaseAll(worker.claim(2));
        worker.pop(1);
        worker.claimForNoTime(1);

        // Held: 1 and 2, and 3 or 4 by its row; ready: the other one, 5, whose lease has ended, and 6 to 10.
        assertThat(counts()).isEqualTo("ready 7 scheduled 3 running 3");
        assertThat(count("PENDING_COUNT", "count")).isEqualTo("9");
    }

    @Test
    void look_rowAboveTheCursor_isReady() {
        assertThat(count("LOOK", "ready")).isEqualTo("f");

        worker.push(1);
        assertThat(count("LOOK", "ready")).isEqualTo("t");
        worker.claim(1);

        assertThat(count("LOOK", "ready")).isEqualTo("f");
        assertThat(count("LOOK", "round(due)")).isEqualTo("60");
    }

    @Test
    void look_wideGaps_areDueWhenTheyAreLookedThrough() {
        Session late = lanes.session();
        late.begin().push(10_001);
        worker.push(1);
        worker.completeAll(worker.claim(1));
        worker.claim(1);

        assertThat(count("LOOK", "due BETWEEN 0 AND 10")).isEqualTo("t");
    }

    private String counts() {
        return count("STATS", "concat('ready ', ready, ' scheduled ', scheduled, ' running ', running)");
    }

    private String count(String verb, String column) {
        String sql = Statements.queue(verb, lanes.queue()).replace("?", "'" + lanes.queue() + "'");
        return database.text("SELECT " + column + " FROM (" + sql + ") AS told");
    }
}
