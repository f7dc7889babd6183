package io.github.pgqueue.it.queue;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.support.ProcessNode;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** A process that pushes a stream, of which many jobs are on their way to the server when it waits to be killed. */
final class StreamingProcess {

    static final int JOBS = 10_000;

    /** So much that the jobs go out in several portions. */
    private static final String REST = "x".repeat(1_000);

    private StreamingProcess() {}

    /** Arguments: the queue. */
    public static void main(String[] arguments) {
        try (PgQueueManager manager =
                PgQueueManager.builder(ProcessNode.dataSource()).build()) {
            manager.queue(arguments[0], String.class)
                    .pushStream(IntStream.rangeClosed(0, JOBS).mapToObj(StreamingProcess::payload));
        }
    }

    private static String payload(int job) {
        if (job == JOBS) {
            ProcessNode.say("streaming");
            hang();
        }
        return job + REST;
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
