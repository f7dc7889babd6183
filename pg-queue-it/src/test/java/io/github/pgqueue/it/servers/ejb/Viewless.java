package io.github.pgqueue.it.servers.ejb;

import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.queue.Job;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** Works, and has no interface. */
@Stateless
public class Viewless {

    @Inject
    private Databases databases;

    @PgWorker("viewless")
    public void work(Job<String> job) {
        databases.effect("viewless", job.attempt());
        if (job.attempt() == 1) {
            throw new IllegalStateException("on purpose");
        }
    }

    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    @PgWorker("apart")
    public void workApart(Job<String> job) {
        databases.effect("apart", job.attempt());
        if (job.attempt() == 1) {
            throw new IllegalStateException("on purpose");
        }
    }
}
