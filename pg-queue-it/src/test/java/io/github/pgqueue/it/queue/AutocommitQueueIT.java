package io.github.pgqueue.it.queue;

import io.github.pgqueue.PayloadType;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.queue.JobQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The queue in plain Java, where every operation takes effect at once. */
@PgQueueTest
class AutocommitQueueIT implements JobQueueContract {

    private TestNode node;

    @BeforeEach
    void open(TestDatabase database) {
        node = TestNode.on(database, JobQueueContract::settings);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Override
    public TestDatabase database() {
        return node.database();
    }

    @Override
    public <T> JobQueue<T> queue(PayloadType<T> payload) {
        return node.manager().queue(node.queueName(), payload);
    }

    @Override
    public <R> R committed(Supplier<R> work) {
        return work.get();
    }
}
