package io.github.pgqueue.it.servers.archives;

import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.cdi.PgQueue;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.channel.EventChannel;
import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Pushes, publishes, works and hears, and writes down under its own name what it worked and heard. */
@ApplicationScoped
public class Tenant {

    /** The key of the name of the application. */
    static final String NAME = "it.tenant";

    @Inject
    @ConfigProperty(name = NAME)
    private String name;

    @Inject
    @PgQueue("orders")
    private JobQueue<String> queue;

    @Inject
    @PgChannel("announcements")
    private EventChannel<String> channel;

    @Inject
    private Databases databases;

    @Transactional
    public void order(String what) {
        queue.push(what);
    }

    @Transactional
    public void announce(String what) {
        channel.publish(what);
    }

    @Transactional
    @PgWorker("orders")
    public void work(Job<String> job) {
        note("worked", job.payload());
    }

    void hear(@Observes @PgChannel("announcements") String what) {
        note("heard", what);
    }

    private void note(String did, String what) {
        databases.effect("tenant " + name + ' ' + what, did);
    }

    /** What this application did with its own. */
    public String seen(String what) {
        return seenBy(name, what);
    }

    /** What an application did with something, such as "heard worked"; "null" if nothing. */
    public String seenBy(String who, String what) {
        return databases.listed("tenant " + who + ' ' + what);
    }
}
