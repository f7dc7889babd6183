package io.github.pgqueue.cdi.internal;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/** What remains to be done until an application runs. A step that fails is tried again with the next run. Thread-safe. */
final class StartSteps {

    private final Deque<Runnable> left = new ArrayDeque<>();

    synchronized void add(Collection<? extends Runnable> steps) {
        left.addAll(steps);
    }

    /** Does what is left, in order; a step that throws, and what comes after it, stays. */
    synchronized void run() {
        while (!left.isEmpty()) {
            left.getFirst().run();
            left.removeFirst();
        }
    }
}
