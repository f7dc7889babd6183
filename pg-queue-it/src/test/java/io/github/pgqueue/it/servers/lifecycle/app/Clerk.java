package io.github.pgqueue.it.servers.lifecycle.app;

import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;

/** Pushes a job for each kind of worker, and writes that it did, in one transaction. */
@ApplicationScoped
public class Clerk {

    /** The queue of the worker with a transaction. */
    public static final String QUEUE = "crash";
    /** The queue of the worker without one. */
    public static final String LENT = "lent";

    @Inject
    @PgQueue(QUEUE)
    private JobQueue<String> jobs;

    @Inject
    @PgQueue(LENT)
    private JobQueue<String> lent;

    @Inject
    private Resources resources;

    @Transactional
    public void push(String what) {
        resources.second("pushed", what);
        jobs.push(what);
        lent.push(what);
    }

    /** Which deployment answers. */
    public String version() {
        return resources.config(Resources.VERSION);
    }
}
