package io.github.pgqueue.it.support;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/**
 * A call on a thread of its own, for what waits until something happens.
 *
 * @param <T> the result
 */
public final class InBackground<T> {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FutureTask<T> task;
    private final Thread thread;

    private InBackground(Callable<T> call) {
        this.task = new FutureTask<>(call);
        this.thread = new Thread(task, "in background");
        thread.setDaemon(true);
    }

    /** Begins the call. */
    public static <T> InBackground<T> call(Callable<T> call) {
        InBackground<T> begun = new InBackground<>(call);
        begun.thread.start();
        return begun;
    }

    /** The same for a call without a result. */
    public static InBackground<Boolean> run(Runnable call) {
        return call(() -> {
            call.run();
            return true;
        });
    }

    /** Waits until the thread waits for something else than the network. */
    public void awaitWaiting() {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(this::waits);
    }

    /** Whether the thread waits for something else than the network. */
    public boolean waits() {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    public boolean ended() {
        return task.isDone();
    }

    public void interrupt() {
        thread.interrupt();
    }

    /** What the call returned, once it has. */
    public T result() {
        try {
            return task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** What the call threw, once it has. */
    public Throwable failure() {
        try {
            T result = task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            throw new AssertionError("did not fail but returned " + result);
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
