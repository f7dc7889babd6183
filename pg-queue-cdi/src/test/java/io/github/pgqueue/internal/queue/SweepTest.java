package io.github.pgqueue.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweepTest {

    private long now;
    private final List<Long> asked = new ArrayList<>();
    private final Sweep sweep = new Sweep(after -> {
        asked.add(after);
        return after < 2_000 ? OptionalLong.of(after + 1_000) : OptionalLong.empty();
    });

    @BeforeEach
    void start() {
        assertThat(sweep.goOn(/* idle= */ true, now)).isFalse();
        sweep.start(now);
    }

    @Test
    void goOn_idle_looksAtAPortionEachTimeUntilTheEnd() {
        assertThat(sweep.goOn(/* idle= */ true, now)).isTrue();
        assertThat(asked).containsExactly(0L);

        assertThat(sweep.goOn(/* idle= */ true, now)).isTrue();
        assertThat(sweep.goOn(/* idle= */ true, now)).isTrue();

        assertThat(sweep.goOn(/* idle= */ true, now)).isFalse();
        assertThat(asked).containsExactly(0L, 1_000L, 2_000L);
    }

    @Test
    void goOn_neverIdle_beginsAfterAMinute() {
        now += Duration.ofSeconds(59).toNanos();
        assertThat(sweep.goOn(/* idle= */ false, now)).isFalse();

        now += Duration.ofSeconds(1).toNanos();

        assertThat(sweep.goOn(/* idle= */ false, now)).isTrue();
        assertThat(asked).containsExactly(0L);
    }

    @Test
    void start_atTheEndOrOnTheWay_beginsAnew() {
        sweep.goOn(/* idle= */ true, now);
        sweep.start(now);
        sweep.goOn(/* idle= */ true, now);
        assertThat(asked).containsExactly(0L, 0L);

        while (sweep.goOn(/* idle= */ true, now)) {
            // until the end
        }
        sweep.start(now);

        assertThat(sweep.goOn(/* idle= */ true, now)).isTrue();
        assertThat(asked).containsExactly(0L, 0L, 1_000L, 2_000L, 0L);
    }
}
