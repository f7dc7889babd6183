package io.github.pgqueue.it.servers.archives;

import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.queue.Job;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;

/** Works and hears in the other WAR of the EAR. */
@ApplicationScoped
public class Workshop {

    @Inject
    private Databases databases;

    @Transactional
    @PgWorker("workshop")
    public void work(Job<String> job) {
        databases.effect("workshop", job.payload());
    }

    void hear(@Observes @PgChannel("news") String news) {
        databases.effect("heard", news);
    }
}
