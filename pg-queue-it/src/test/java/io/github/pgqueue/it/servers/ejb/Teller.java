package io.github.pgqueue.it.servers.ejb;

import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.queue.JobQueue;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBContext;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;

/** Pushes in container-managed transactions. */
@Stateless
public class Teller {

    @Inject
    @PgQueue("teller")
    private JobQueue<String> queue;

    @Inject
    private Databases databases;

    @Resource
    private EJBContext context;

    public void pay(String what) {
        databases.effect("teller", what);
        queue.push(what);
    }

    public void payAndTakeBack(String what) {
        pay(what);
        context.setRollbackOnly();
    }
}
