package io.github.pgqueue.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A call that comes before the wait ends it, and an interrupt does so too. */
class WakeupTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Wakeup wakeup = new Wakeup();

    @Test
    void await_calledBefore_returns() throws InterruptedException {
        wakeup.call();

        wakeup.await(LONG);
    }

    @Test
    void await_interruptedAndCalledBefore_tellsOfTheInterruptAndKeepsTheCall() throws InterruptedException {
        wakeup.call();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> wakeup.await(LONG)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        wakeup.await(LONG);
    }
}
