package io.github.pgqueue.it.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Does the same on a thread of its own, again and again until it is closed; closing tells what went wrong. */
final class Loop implements AutoCloseable {

    /** What is done again and again. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean stopped;

    private Loop() {}

    static Loop start(String name, Step step) {
        Loop loop = new Loop();
        new Thread(() -> loop.run(step), name).start();
        return loop;
    }

    private void run(Step step) {
        try {
            while (!stopped) {
                step.run();
            }
            end.complete(null);
        } catch (Exception e) {
            end.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
