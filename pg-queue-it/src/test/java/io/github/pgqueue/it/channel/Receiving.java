package io.github.pgqueue.it.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.channel.PgListener;
import java.time.Duration;
import java.util.Optional;

/** Receives what must come. */
final class Receiving {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Receiving() {}

    /** The next notification; fails if none comes. */
    static Notification next(PgListener listener) {
        try {
            Optional<Notification> received = listener.receive(PATIENCE);
            assertThat(received).as("a notification within %s", PATIENCE).isPresent();
            return received.orElseThrow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The payload of the next notification. */
    static String text(PgListener listener) {
        return next(listener).payload();
    }
}
