package io.github.pgqueue.it.servers.ejb;

import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.queue.Job;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBContext;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** Works, and is seen by its interface only. */
@Stateless
@Local(Account.class)
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class Viewed implements Account {

    @Inject
    private Databases databases;

    @Resource
    private EJBContext context;

    @Override
    @PgWorker("viewed")
    public void work(Job<String> job) {
        databases.effect("viewed", job.attempt());
        if (job.attempt() == 1) {
            context.setRollbackOnly();
        }
    }
}
