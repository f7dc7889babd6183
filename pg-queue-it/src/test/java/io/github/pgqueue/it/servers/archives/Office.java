package io.github.pgqueue.it.servers.archives;

import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;

/** Pushes and publishes in one WAR of the EAR. */
@ApplicationScoped
public class Office {

    @Inject
    @PgQueue("workshop")
    private JobQueue<String> queue;

    @Inject
    @PgChannel("news")
    private EventChannel<String> channel;

    @Transactional
    public void order(String what) {
        queue.push(what);
    }

    @Transactional
    public void announce(String what) {
        channel.publish(what);
    }
}
