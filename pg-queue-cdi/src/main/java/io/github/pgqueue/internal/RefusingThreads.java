package io.github.pgqueue.internal;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;

/**
 * Says it by an exception when the factory behind makes no thread. A factory may answer null, and a managed one throws
 * once its application has stopped; a pool that gets null keeps its task and never runs it.
 */
record RefusingThreads(ThreadFactory behind) implements ThreadFactory {

    @Override
    public Thread newThread(Runnable task) {
        Thread thread;
        try {
            thread = behind.newThread(task);
        } catch (IllegalStateException e) {
            throw new RejectedExecutionException("the thread factory makes no more threads", e);
        }
        if (thread == null) {
            throw new RejectedExecutionException("the thread factory made no thread");
        }
        return thread;
    }

    /** Threads that do not keep the JVM alive. */
    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "pg-queue");
        thread.setDaemon(true);
        return thread;
    }
}
