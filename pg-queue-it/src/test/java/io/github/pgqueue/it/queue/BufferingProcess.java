package io.github.pgqueue.it.queue;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.support.ProcessNode;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.queue.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A process with one worker that does nothing, quickly; it hangs in jobs that say so, until it is killed. */
final class BufferingProcess {

    private BufferingProcess() {}

    /** Arguments: the queue; how many run at once. */
    public static void main(String[] arguments) throws InterruptedException {
        PgQueueManager manager = PgQueueManager.builder(ProcessNode.dataSource())
                .config(TestNode.quick().withQueueDefaults(queue -> queue.withLease(Duration.ofHours(1))))
                .build();
        WorkerOptions options = WorkerOptions.leased().withConcurrency(Integer.parseInt(arguments[1]));
        manager.work(arguments[0], String.class, options, (job, context) -> {
            if (job.payload().startsWith("hang")) {
                ProcessNode.say(job.payload());
                new CountDownLatch(1).await();
            }
            return Outcome.complete();
        });
        manager.start();
        new CountDownLatch(1).await();
    }
}
