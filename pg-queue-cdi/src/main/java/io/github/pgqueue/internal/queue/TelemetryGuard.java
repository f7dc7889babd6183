package io.github.pgqueue.internal.queue;

import io.github.pgqueue.internal.jdbc.Text;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.spi.Telemetry;
import io.github.pgqueue.spi.Telemetry.Activity;
import io.github.pgqueue.spi.Telemetry.Operation;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Telemetry whose failure does not matter, or none. Thread-safe. */
public final class TelemetryGuard {

    private static final Logger LOG = System.getLogger("io.github.pgqueue");
    private static final Activity NONE = failure -> {};

    private final @Nullable Telemetry telemetry;
    private final AtomicBoolean failed = new AtomicBoolean();

    public TelemetryGuard(@Nullable Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /** Runs an operation; what it throws is thrown. */
    public <R> R around(Operation operation, Function<Activity, R> work) {
        Activity activity = begin(operation);
        R result;
        try {
            result = work.apply(activity);
        } catch (RuntimeException | Error e) {
            activity.end(e);
            throw e;
        }
        activity.end(null);
        return result;
    }

    /** Begins an operation, which the caller ends on the same thread. */
    Activity begin(Operation operation) {
        if (telemetry == null) {
            return NONE;
        }
        try {
            return new Guarded(telemetry.begin(operation));
        } catch (RuntimeException | Error e) {
            ignore(e);
            return NONE;
        }
    }

    /** With every job it would be too much: only the first time is a warning. */
    private void ignore(Throwable failure) {
        LOG.log(
                failed.getAndSet(true) ? Level.DEBUG : Level.WARNING,
                "telemetry failed; jobs go on without it: {0}",
                Text.printable(Text.describe(failure)));
    }

    private final class Guarded implements Activity {

        private final Activity behind;

        Guarded(Activity behind) {
            this.behind = behind;
        }

        @Override
        public Map<String, String> headers() {
            try {
                return Map.copyOf(behind.headers());
            } catch (RuntimeException | Error e) {
                ignore(e);
                return Map.of();
            }
        }

        @Override
        public void pushed(List<Long> ids) {
            tell(() -> behind.pushed(ids));
        }

        @Override
        public void pushed(long jobs) {
            tell(() -> behind.pushed(jobs));
        }

        @Override
        public void popped(Collection<? extends Job<?>> jobs) {
            tell(() -> behind.popped(jobs));
        }

        @Override
        public void end(@Nullable Throwable failure) {
            tell(() -> behind.end(failure));
        }

        private void tell(Runnable call) {
            try {
                call.run();
            } catch (RuntimeException | Error e) {
                ignore(e);
            }
        }
    }
}
