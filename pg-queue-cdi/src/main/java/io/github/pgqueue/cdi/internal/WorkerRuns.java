package io.github.pgqueue.cdi.internal;

import jakarta.inject.Singleton;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Hands the run of a job from the invoker, which is outside of all interceptors, to the interceptor, which is inside the
 * method's transaction.
 *
 * <p>Only the method that the invoker calls on its own thread finds the run, and only while it is not in it already:
 * calls of the same method by anybody else go on plainly. An outer interceptor that calls the method once more, as a
 * retry does, finds it again.
 */
@Singleton
class WorkerRuns {

    private final ThreadLocal<WorkerRun> current = new ThreadLocal<>();

    void begin(WorkerRun run) {
        current.set(run);
    }

    void end() {
        current.remove();
    }

    /** The run that the calling thread is about to enter by this method, if it is. */
    @Nullable
    WorkerRun enter(Method method) {
        @Nullable WorkerRun run = current.get();
        if (run == null || !run.method().equals(method)) {
            return null;
        }
        current.remove();
        return run;
    }

    void leave(WorkerRun run) {
        current.set(run);
    }
}
