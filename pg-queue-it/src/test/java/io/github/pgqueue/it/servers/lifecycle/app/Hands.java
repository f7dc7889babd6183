package io.github.pgqueue.it.servers.lifecycle.app;

import io.github.pgqueue.cdi.PgWorker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;

/** Works the jobs: one kind in the transaction of the job, where it pushes one more, the other outside of any. */
@ApplicationScoped
public class Hands {

    private static final String FOLLOWER = "+";

    @Inject
    private Clerk clerk;

    @Inject
    private Resources resources;

    @Transactional
    @PgWorker(Clerk.QUEUE)
    public void work(String what) {
        if (!what.endsWith(FOLLOWER)) {
            clerk.push(what + FOLLOWER);
        }
        resources.first("worked", what);
        resources.second("worked too", what);
    }

    @PgWorker(Clerk.LENT)
    public void lent(String what) {
        resources.first("lent", what);
    }
}
