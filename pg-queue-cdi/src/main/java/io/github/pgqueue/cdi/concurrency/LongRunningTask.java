package io.github.pgqueue.cdi.concurrency;

import jakarta.enterprise.concurrent.ManagedTask;
import jakarta.enterprise.concurrent.ManagedTaskListener;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A task that says of itself that it may take long, so that no server calls it hung, and what it is.
 *
 * @param task what it does; its text is its name
 */
public record LongRunningTask(Runnable task) implements Runnable, ManagedTask {

    /** Gives everything to the executor as such a task. */
    public static Executor on(Executor executor) {
        return task -> executor.execute(new LongRunningTask(task));
    }

    @Override
    public void run() {
        task.run();
    }

    @Override
    public Map<String, String> getExecutionProperties() {
        return Map.of(ManagedTask.LONGRUNNING_HINT, "true", ManagedTask.IDENTITY_NAME, task.toString());
    }

    /** Nobody is told: the library knows what runs. */
    @Override
    public @Nullable ManagedTaskListener getManagedTaskListener() {
        return null;
    }
}
